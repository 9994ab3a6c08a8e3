package io.coffer.common.rpc;

import io.coffer.common.id.ClusterId;
import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.IPAddress;

/**
 * The cluster's own authority: who it gives a certificate is a node of the cluster, and nobody else is. Its key is the most precious
 * secret of a cluster; whoever stores {@link #encode} seals it. Thread-safe.
 */
public final class CertificateAuthority {
    /** How long a node's certificate lasts. */
    public static final Duration NODE_LIFE = Duration.ofDays(365);

    /** How long the authority lasts. */
    public static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /**
     * How much earlier than its making a certificate is valid: so far may a node's clock be behind. That protects from nothing, as a
     * certificate can't be used before it is made. More than a node's life, by which {@link NodeIdentity#life} tells it from {@link
     * #ONCE_BACKDATED}.
     */
    static final Duration BACKDATED = Duration.ofDays(366);

    /** What it was in the first certificates. */
    static final Duration ONCE_BACKDATED = Duration.ofDays(1);

    /** Names and addresses in one certificate: far more than a node has. */
    public static final int MAX_HOSTS = 32;

    static final String SIGNATURE = "SHA256withECDSA";

    private static final String CURVE = "secp256r1";
    private static final int SERIAL_BITS = 127;
    private static final Pattern SUBJECT = Pattern.compile("CN=coffer authority ([0-9a-f-]{36})");

    /** What a host name may be: RFC 1123, without a wildcard. */
    private static final Pattern HOST = Pattern.compile(
            "(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*");

    private final ClusterId cluster;
    private final PrivateKey key;
    private final X509Certificate certificate;
    private final SecureRandom random;

    private CertificateAuthority(ClusterId cluster, PrivateKey key, X509Certificate certificate, SecureRandom random) {
        this.cluster = cluster;
        this.key = key;
        this.certificate = certificate;
        this.random = random;
    }

    /** A new one. */
    public static CertificateAuthority make(ClusterId cluster, Instant now, SecureRandom random) {
        try {
            KeyPair keys = newKeys(random);
            X500Name subject = new X500Name("CN=coffer authority " + cluster);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                    subject,
                    new BigInteger(SERIAL_BITS, random),
                    Date.from(now.minus(BACKDATED)),
                    Date.from(now.plus(AUTHORITY_LIFE)),
                    subject,
                    keys.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            builder.addExtension(
                    Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(keys.getPublic()));
            X509Certificate made = sign(builder, keys.getPrivate());
            return new CertificateAuthority(cluster, keys.getPrivate(), made, random);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("can't make a certificate authority", e);
        }
    }

    /** What {@link #encode} made. */
    public static CertificateAuthority decode(byte[] pem, SecureRandom random) throws IOException {
        Pem parts = Pem.decode(pem);
        if (parts.keys().size() != 1
                || !parts.requests().isEmpty()
                || parts.certificates().size() != 1) {
            throw new IOException("an authority has one key and one certificate");
        }
        X509Certificate certificate = parts.certificates().getFirst();
        Matcher subject = SUBJECT.matcher(certificate.getSubjectX500Principal().getName());
        if (!subject.matches()) {
            throw new IOException("not an authority's certificate");
        }
        return new CertificateAuthority(
                ClusterId.parse(subject.group(1)), parts.keys().getFirst(), certificate, random);
    }

    /** Key and certificate as PEM: to be sealed before it is stored or sent anywhere. */
    public byte[] encode() {
        try {
            return new Pem(key, List.of(certificate)).encode();
        } catch (IOException e) {
            throw new IllegalStateException("what was decoded can be encoded", e);
        }
    }

    /** What is in a file; empty if it is missing. */
    public static Optional<CertificateAuthority> load(FileSystem directory, String file, SecureRandom random)
            throws IOException {
        return directory.exists(file)
                ? Optional.of(decode(directory.readSmall(file, Pem.MAX_BYTES), random))
                : Optional.empty();
    }

    public ClusterId cluster() {
        return cluster;
    }

    public X509Certificate certificate() {
        return certificate;
    }

    /** A new key pair of the kind that {@link #issue} takes. */
    public static KeyPair newKeys(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(CURVE), random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /**
     * A certificate for a node.
     *
     * @param request the node's PKCS#10 request; only its key is used
     * @param hosts names and addresses at which others reach the node
     * @throws CertificateException if the request is not one, wasn't signed with its own key, or a host is none
     */
    public X509Certificate issue(byte[] request, PeerIdentity node, List<String> hosts, Instant now, Duration life)
            throws CertificateException {
        return issue(CertificateRequest.publicKey(request), node, hosts, now, life);
    }

    /** The same for a key whose owner is known to have it. */
    public X509Certificate issue(PublicKey owner, PeerIdentity node, List<String> hosts, Instant now, Duration life)
            throws CertificateException {
        return sign(owner, node, hosts, now.minus(BACKDATED), now.plus(life));
    }

    /**
     * The same for a node that has one: valid from then on that the old one was, too. Whoever decides alone that the old one has expired may
     * have a clock that is years ahead, and others must go on to trust him.
     */
    X509Certificate reissue(PublicKey owner, NodeIdentity old, List<String> hosts, Instant now, Duration life)
            throws CertificateException {
        Instant before = old.certificate().getNotBefore().toInstant();
        Instant usual = now.minus(BACKDATED);
        return sign(owner, old.self(), hosts, before.isBefore(usual) ? before : usual, now.plus(life));
    }

    private X509Certificate sign(PublicKey owner, PeerIdentity node, List<String> hosts, Instant from, Instant until)
            throws CertificateException {
        if (!node.cluster().equals(cluster)) {
            throw new CertificateException("a node of another cluster");
        }
        try {
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            var builder = new JcaX509v3CertificateBuilder(
                    certificate,
                    new BigInteger(SERIAL_BITS, random),
                    Date.from(from),
                    Date.from(until),
                    new X500Name("CN=" + node.roleName() + " " + node.node()),
                    owner);
            builder.addExtension(Extension.subjectAlternativeName, false, names(node, hosts));
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(certificate));
            return sign(builder, key);
        } catch (GeneralSecurityException | IOException e) {
            throw e instanceof CertificateException known
                    ? known
                    : new CertificateException("can't issue a certificate", e);
        }
    }

    private static GeneralNames names(PeerIdentity node, List<String> hosts) throws CertificateException {
        if (hosts.size() > MAX_HOSTS) {
            throw new CertificateException("more than " + MAX_HOSTS + " hosts");
        }
        List<GeneralName> names = new ArrayList<>();
        names.add(new GeneralName(GeneralName.uniformResourceIdentifier, node.uri()));
        for (String host : hosts) {
            if (IPAddress.isValid(host)) {
                names.add(new GeneralName(GeneralName.iPAddress, host));
            } else if (HOST.matcher(host).matches()) {
                names.add(new GeneralName(GeneralName.dNSName, host));
            } else {
                throw new CertificateException("not a host: '" + host + "'");
            }
        }
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws CertificateException, IOException {
        try {
            return Pem.certificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key))
                    .getEncoded());
        } catch (OperatorCreationException e) {
            throw new CertificateException("can't sign", e);
        }
    }
}
