package io.coffer.common.rpc;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemReader;
import org.bouncycastle.util.io.pem.PemWriter;

/**
 * Private keys, certificate requests and certificates as text, written in this order.
 *
 * @param requests PKCS#10 in DER
 */
record Pem(List<PrivateKey> keys, List<byte[]> requests, List<X509Certificate> certificates) {
    /** A key and a few certificates of a kilobyte or so each: far below. */
    static final int MAX_BYTES = 64 << 10;

    private static final String KEY = "PRIVATE KEY";
    private static final String REQUEST = "CERTIFICATE REQUEST";
    private static final String CERTIFICATE = "CERTIFICATE";

    Pem {
        keys = List.copyOf(keys);
        requests = List.copyOf(requests);
        certificates = List.copyOf(certificates);
    }

    Pem(PrivateKey key, List<X509Certificate> certificates) {
        this(List.of(key), List.of(), certificates);
    }

    byte[] encode() throws IOException {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            for (PrivateKey key : keys) {
                writer.writeObject(new PemObject(KEY, key.getEncoded()));
            }
            for (byte[] request : requests) {
                writer.writeObject(new PemObject(REQUEST, request));
            }
            for (X509Certificate certificate : certificates) {
                writer.writeObject(new PemObject(CERTIFICATE, certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IOException("not a certificate", e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** @throws IOException if there is anything else, or a key that isn't elliptic-curve */
    static Pem decode(byte[] text) throws IOException {
        List<PrivateKey> keys = new ArrayList<>();
        List<byte[]> requests = new ArrayList<>();
        List<X509Certificate> certificates = new ArrayList<>();
        try (PemReader reader = new PemReader(new StringReader(new String(text, StandardCharsets.US_ASCII)))) {
            for (PemObject next = reader.readPemObject(); next != null; next = reader.readPemObject()) {
                switch (next.getType()) {
                    case KEY ->
                        keys.add(KeyFactory.getInstance("EC")
                                .generatePrivate(new PKCS8EncodedKeySpec(next.getContent())));
                    case REQUEST -> requests.add(next.getContent());
                    case CERTIFICATE -> certificates.add(certificate(next.getContent()));
                    default -> throw new IOException("unexpected " + next.getType());
                }
            }
        } catch (GeneralSecurityException | IllegalArgumentException | IllegalStateException e) {
            throw new IOException("not keys and certificates in PEM: " + e.getMessage(), e);
        }
        return new Pem(keys, requests, certificates);
    }

    /** One certificate from its DER form. */
    static X509Certificate certificate(byte[] der) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }
}
