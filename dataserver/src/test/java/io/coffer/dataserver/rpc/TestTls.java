package io.coffer.dataserver.rpc;

import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** One certificate that both sides show and trust: mutual TLS 1.3 on the loopback. */
public final class TestTls {
    /** Contexts hold native memory, and live as long as the process does. */
    public static final TestTls SHARED = make();

    private final PrivateKey key;
    private final X509Certificate certificate;
    private final SslContext server;
    private final SslContext client;

    private static TestTls make() {
        try {
            return generate();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private TestTls(PrivateKey key, X509Certificate certificate) throws Exception {
        this.key = key;
        this.certificate = certificate;
        server = SslContextBuilder.forServer(key, certificate)
                .trustManager(certificate)
                .clientAuth(ClientAuth.REQUIRE)
                .protocols("TLSv1.3")
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .build();
        client = SslContextBuilder.forClient()
                .keyManager(key, certificate)
                .trustManager(certificate)
                .endpointIdentificationAlgorithm("HTTPS")
                .protocols("TLSv1.3")
                .sslProvider(SslProvider.OPENSSL_REFCNT)
                .build();
    }

    /** For another process. */
    List<String> encode() throws Exception {
        return List.of(
                Base64.getEncoder().encodeToString(key.getEncoded()),
                Base64.getEncoder().encodeToString(certificate.getEncoded()));
    }

    static TestTls decode(String key, String certificate) throws Exception {
        return new TestTls(
                KeyFactory.getInstance("EC")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
                (X509Certificate) CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Base64.getDecoder().decode(certificate))));
    }

    private static TestTls generate() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair pair = generator.generateKeyPair();
        X500Name name = new X500Name("CN=test");
        Instant now = Instant.now();
        PrivateKey key = pair.getPrivate();
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.ONE,
                                Date.from(now.minus(Duration.ofHours(1))),
                                Date.from(now.plus(Duration.ofDays(1))),
                                name,
                                pair.getPublic())
                        .addExtension(
                                Extension.subjectAlternativeName,
                                false,
                                new GeneralNames(new GeneralName(GeneralName.iPAddress, "127.0.0.1")))
                        .build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
        return new TestTls(key, certificate);
    }

    public SslContext server() {
        return server;
    }

    public SslContext client() {
        return client;
    }

    public PrivateKey key() {
        return key;
    }

    public X509Certificate certificate() {
        return certificate;
    }
}
