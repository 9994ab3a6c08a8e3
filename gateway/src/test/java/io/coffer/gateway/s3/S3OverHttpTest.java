package io.coffer.gateway.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.gateway.auth.RequestSigner;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.HttpLimits;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pipeline behind the real server: what the two promise each other. */
final class S3OverHttpTest {
    private final PipelineFixture fixture = new PipelineFixture();
    private final PipelineFixture.Spy get = new PipelineFixture.Spy(new OperationSpec(
            "GetObject", Route.of("GET", Route.Kind.OBJECT), Set.of("s3:GetObject"), BodyPolicy.NONE));
    private final PipelineFixture.Spy put = new PipelineFixture.Spy(new OperationSpec(
            "PutObject", Route.of("PUT", Route.Kind.OBJECT), Set.of("s3:PutObject"), BodyPolicy.DATA));
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        SplittableRandom random = new SplittableRandom(1);
        server = new HttpServer(
                new HttpServer.Settings(
                        "s3",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        Optional.empty(),
                        HttpLimits.DEFAULT),
                fixture.service(List.of(get, put)),
                new ProtocolErrors(new RequestIds(InstantSource.system(), () -> random), S3Settings.DEFAULT),
                InstantSource.system());
    }

    @AfterEach
    void stop() {
        server.close(Duration.ofSeconds(1));
    }

    /** Sends the bytes and reads until the server closes or what is expected has come. */
    private String exchange(String request, String until) throws IOException {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
            socket.setSoTimeout(5000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder answer = new StringBuilder();
            InputStream in = socket.getInputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                answer.append((char) b);
                if (b == '>' && answer.toString().endsWith(until)
                        || b == '\n' && answer.toString().endsWith(until)) {
                    break;
                }
            }
            return answer.toString();
        }
    }

    private static String wire(String method, String target, Headers headers, String body) {
        StringBuilder out = new StringBuilder(method + ' ' + target + " HTTP/1.1\r\n");
        for (Header line : headers) {
            out.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
        return out.append("\r\n").append(body).toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET / HTTP/1.1\\r\\nHost : a\\r\\n\\r\\n|400|BadRequest",
                "GET /\u0001 HTTP/1.1\\r\\n\\r\\n|400|InvalidURI",
                "GET / HTTP/3.0\\r\\n\\r\\n|505|BadRequest",
                "PRI * HTTP/2.0\\r\\n\\r\\n|505|BadRequest",
            })
    void whatIsntHttpIsAnsweredInS3sWordsToo(String request, int status, String code) throws IOException {
        String answer = exchange(request.replace("\\r\\n", "\r\n"), "</Error>");

        assertThat(answer).startsWith("HTTP/1.1 " + status + " ").contains("<Code>" + code + "</Code>");
        assertThat(answer).containsPattern("(?i)x-amz-request-id: [0-9A-F]{16}").containsIgnoringCase("Server: Coffer");
    }

    @Test
    void aTooLongUriIsToldSo() throws IOException {
        assertThat(exchange("GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n", "</Error>"))
                .startsWith("HTTP/1.1 414 ")
                .contains("<Code>RequestURITooLong</Code>");
        assertThat(exchange("GET / HTTP/1.1\r\nA: " + "a".repeat(40_000) + "\r\n", "</Error>"))
                .startsWith("HTTP/1.1 400 ")
                .contains("<Code>RequestHeaderSectionTooLarge</Code>");
    }

    @Test
    void aRefusedUploadDoesntSpoilTheNextRequest() throws IOException {
        Headers wrong = Headers.of("Host", "localhost", "Content-Length", "1000");
        FakeExchange good = PipelineFixture.signed(PipelineFixture.mine(), "GET", "/mine/k", "Connection", "close");
        String answers = exchange(
                wire("PUT", "/mine/k", wrong, "x".repeat(1000))
                        + wire("GET", "/mine/k", good.head().headers(), ""),
                "until the server closes");

        assertThat(answers).startsWith("HTTP/1.1 403 ").contains("AccessDenied").contains("HTTP/1.1 200 ");
        assertThat(get.requests).hasSize(1);
        assertThat(put.requests).isEmpty();
    }

    @Test
    void continueIsOnlySaidToThoseWhoMayUpload() throws IOException {
        Headers wrong = Headers.of("Host", "localhost", "Content-Length", "1000", "Expect", "100-continue");
        assertThat(exchange(wire("PUT", "/mine/k", wrong, ""), "</Error>"))
                .startsWith("HTTP/1.1 403 ")
                .doesNotContain("100 Continue");
        FakeExchange good = PipelineFixture.signed(
                PipelineFixture.mine(),
                "PUT",
                "/mine/k",
                new byte[0],
                RequestSigner.UNSIGNED_PAYLOAD,
                "Content-Length",
                "3",
                "Expect",
                "100-continue");
        String answer = exchange(wire("PUT", "/mine/k", good.head().headers(), ""), "\r\n\r\n");
        assertThat(answer)
                .as("the spy doesn't read")
                .doesNotContain("100 Continue")
                .startsWith("HTTP/1.1 200 ");
    }
}
