package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.io.BufferPool;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.io.RealFileSystem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpTlsTest {
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1", "::1");

    @TempDir
    Path directory;

    private FileSystem files() {
        return RealFileSystem.at(directory);
    }

    private TlsIdentity identity() throws IOException {
        return TlsIdentity.loadOrMake(files(), HOSTS, Instant.now());
    }

    private X509Certificate certificate() throws Exception {
        byte[] pem = files().readSmall(TlsIdentity.CERTIFICATE_FILE, 1 << 20);
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(pem));
    }

    /** A client that trusts the self-made certificate alone, and checks the host's name. */
    private RawClient connect(RunningServer server, String... protocols) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null);
        trusted.setCertificateEntry("server", certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", server.port());
        var parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        if (protocols.length > 0) {
            socket.setEnabledProtocols(protocols);
        }
        return new RawClient(socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void requestsAreServedOverTls(String protocol) throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            byte[] body = Handlers.readAll(exchange.body());
            exchange.respond(
                    new ResponseHead(
                            200,
                            Headers.of(
                                    "X-Secure",
                                    Boolean.toString(exchange.head().secure()),
                                    "X-Tls",
                                    String.valueOf(exchange.head().tls()))),
                    ByteBuffer.wrap(body));
        });
        byte[] body = new byte[1 << 20];
        new java.util.Random(1).nextBytes(body);
        try (RunningServer server =
                        RunningServer.of(HttpLimits.DEFAULT, Optional.of(identity()), handler, Transport.best());
                RawClient client = connect(server, protocol)) {
            for (int i = 0; i < 3; i++) {
                RawClient.Response response = client.send(
                                "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .send(body)
                        .read();
                assertThat(response.header("x-secure")).isEqualTo("true");
                assertThat("TLSv" + response.header("x-tls")).isEqualTo(protocol);
                assertThat(response.body()).isEqualTo(body);
            }
            assertThat(((SSLSocket) client.socket()).getSession().getProtocol()).isEqualTo(protocol);
        }
    }

    @Test
    void pooledBuffersAreSentOverTls() throws Exception {
        BufferPool pool = BufferPool.tracing(256 * 1024, 8);
        ExchangeHandler handler = Handlers.of(exchange -> {
            try (ResponseSink sink = exchange.begin(new ResponseHead(200, Headers.EMPTY), 40L * 256 * 1024)) {
                for (int i = 0; i < 40; i++) {
                    PooledBuffer buffer = pool.acquire(Duration.ofSeconds(10));
                    buffer.buffer().put(0, (byte) i);
                    sink.write(buffer);
                }
                sink.finish();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        try (RunningServer server =
                        RunningServer.of(HttpLimits.DEFAULT, Optional.of(identity()), handler, Transport.best());
                RawClient client = connect(server)) {
            byte[] body = client.get("/").body();
            for (int i = 0; i < 40; i++) {
                assertThat(body[i * 256 * 1024]).isEqualTo((byte) i);
            }
        }
        pool.requireNoneInUse();
    }

    @Test
    void aRefusedUploadIsAnsweredOverTls() throws Exception {
        try (RunningServer server =
                        RunningServer.of(HttpLimits.DEFAULT, Optional.of(identity()), Handlers.DEAF, Transport.best());
                RawClient client = connect(server)) {
            byte[] body = new byte[16 << 20];
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length + "\r\n\r\n")
                    .send(body);
            assertThat(client.read().status()).isEqualTo(403);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void oldProtocolsAreRefused() throws Exception {
        try (RunningServer server =
                RunningServer.of(HttpLimits.DEFAULT, Optional.of(identity()), Handlers.ECHO, Transport.best())) {
            assertThatThrownBy(() -> {
                        try (RawClient client = connect(server, "TLSv1.1")) {
                            client.get("/");
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void theMadeCertificateIsKept() throws Exception {
        identity();
        X509Certificate first = certificate();
        identity();
        assertThat(certificate()).isEqualTo(first);
        assertThat(first.getSubjectAlternativeNames()).hasSize(HOSTS.size());
        first.checkValidity();
    }

    @Test
    void whatIsNoCertificateIsSaid() throws Exception {
        TlsIdentity rubbish = new TlsIdentity(new byte[] {'x'}, new byte[] {'y'});
        assertThatThrownBy(() ->
                        RunningServer.of(HttpLimits.DEFAULT, Optional.of(rubbish), Handlers.ECHO, Transport.best()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no usable certificate and key");
    }
}
