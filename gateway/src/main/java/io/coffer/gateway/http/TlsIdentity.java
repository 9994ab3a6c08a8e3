package io.coffer.gateway.http;

import io.coffer.common.io.FileSystem;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** A server's certificate chain and private key, in PEM. Immutable. */
public final class TlsIdentity {
    /** Where {@link #loadOrMake} keeps what it made. */
    public static final String CERTIFICATE_FILE = "certificate.pem";

    public static final String KEY_FILE = "key.pem";

    private static final int MAX_PEM_BYTES = 1 << 20;

    private final byte[] certificates;
    private final byte[] key;

    /**
     * @param certificates the server's first
     * @param key PKCS#8, not encrypted
     */
    public TlsIdentity(byte[] certificates, byte[] key) {
        this.certificates = certificates.clone();
        this.key = key.clone();
    }

    /**
     * The identity in a directory, made and kept there when there is none.
     *
     * @param directory readable by the owner alone, as it holds the key
     * @param hosts names and addresses that a made certificate is for
     */
    public static TlsIdentity loadOrMake(FileSystem directory, List<String> hosts, Instant now) throws IOException {
        if (directory.exists(CERTIFICATE_FILE) && directory.exists(KEY_FILE)) {
            return load(directory, CERTIFICATE_FILE, KEY_FILE);
        }
        TlsIdentity made = SelfMadeCertificate.make(hosts, now);
        directory.createDirectories("");
        directory.replace(KEY_FILE, made.key);
        directory.replace(CERTIFICATE_FILE, made.certificates);
        return made;
    }

    /** A given identity. */
    public static TlsIdentity load(FileSystem directory, String certificateFile, String keyFile) throws IOException {
        return new TlsIdentity(
                directory.readSmall(certificateFile, MAX_PEM_BYTES), directory.readSmall(keyFile, MAX_PEM_BYTES));
    }

    /** TLS 1.2 and 1.3, by BoringSSL where its native library loads, else by the JDK at about three times the cost per byte. */
    SslContext serverContext() throws IOException {
        try {
            return SslContextBuilder.forServer(new ByteArrayInputStream(certificates), new ByteArrayInputStream(key))
                    .sslProvider(OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .build();
        } catch (IllegalArgumentException | IOException e) {
            throw new IOException("no usable certificate and key: " + e.getMessage(), e);
        }
    }
}
