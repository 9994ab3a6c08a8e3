package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that two servers could read differently, and requests that are none: refused at once, and the connection closed. */
class HttpRefusalTest {
    private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

    private static Arguments refused(int status, String name, String request) {
        return Arguments.of(name, status, request);
    }

    private static String put(String headers) {
        return "PUT /a HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
    }

    static Stream<Arguments> malformed() {
        String chunk = "3\r\nabc\r\n0\r\n\r\n";
        return Stream.of(
                refused(400, "length and coding", put("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + chunk),
                refused(400, "coding and length", put("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n") + chunk),
                refused(400, "two lengths", put("Content-Length: 3\r\nContent-Length: 4\r\n") + "abcd"),
                refused(400, "one length twice", put("Content-Length: 3\r\nContent-Length: 3\r\n") + "abc"),
                refused(400, "list of lengths", put("Content-Length: 3, 3\r\n") + "abc"),
                refused(400, "length with plus", put("Content-Length: +3\r\n") + "abc"),
                refused(400, "length with minus", put("Content-Length: -3\r\n") + "abc"),
                refused(400, "hexadecimal length", put("Content-Length: 0x3\r\n") + "abc"),
                refused(400, "empty length", put("Content-Length:\r\n") + "abc"),
                refused(400, "length beyond numbers", put("Content-Length: 9223372036854775808\r\n") + "abc"),
                refused(400, "length with inner space", put("Content-Length: 1 2\r\n") + "abc"),
                refused(
                        400,
                        "two codings",
                        put("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n") + chunk),
                refused(400, "chunked, chunked", put("Transfer-Encoding: chunked, chunked\r\n") + chunk),
                refused(400, "chunked, identity", put("Transfer-Encoding: chunked, identity\r\n") + chunk),
                refused(400, "gzip, chunked", put("Transfer-Encoding: gzip, chunked\r\n") + chunk),
                refused(400, "identity", put("Transfer-Encoding: identity\r\n") + "abc"),
                refused(400, "xchunked", put("Transfer-Encoding: xchunked\r\n") + chunk),
                refused(400, "vertical tab before chunked", put("Transfer-Encoding: \u000bchunked\r\n") + chunk),
                refused(400, "quoted chunked", put("Transfer-Encoding: \"chunked\"\r\n") + chunk),
                refused(400, "empty coding", put("Transfer-Encoding:\r\n") + chunk),
                refused(
                        400,
                        "chunked in 1.0",
                        "PUT /a HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk),
                refused(400, "bare LF behind the request line", "GET / HTTP/1.1\nHost: x\r\n\r\n"),
                refused(400, "bare LF behind a header", "GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n"),
                refused(400, "bare LF at the end", "GET / HTTP/1.1\r\nHost: x\r\n\n"),
                refused(400, "bare CR in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n"),
                refused(400, "CR CR LF", "GET / HTTP/1.1\r\nHost: x\r\r\n\r\n"),
                refused(400, "NUL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n"),
                refused(400, "NUL in a name", "GET / HTTP/1.1\r\nHost: x\r\nA\0: b\r\n\r\n"),
                refused(400, "NUL in the target", "GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "control in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\u0001c\r\n\r\n"),
                refused(400, "DEL in a value", "GET / HTTP/1.1\r\nHost: x\r\nA: b\u007fc\r\n\r\n"),
                refused(400, "space before colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"),
                refused(400, "tab before colon", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length\t: 3\r\n\r\nabc"),
                refused(400, "space before name", "GET / HTTP/1.1\r\n Host: x\r\n\r\n"),
                refused(400, "folded line", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n"),
                refused(400, "folded with tab", "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n\tc\r\n\r\n"),
                refused(400, "no colon", "GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n"),
                refused(400, "empty name", "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n"),
                refused(400, "name not ASCII", "GET / HTTP/1.1\r\nHost: x\r\n\u00e9: b\r\n\r\n"),
                refused(400, "no host", "GET / HTTP/1.1\r\nA: b\r\n\r\n"),
                refused(400, "two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n"),
                refused(400, "another host in the target", "GET http://y/ HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "no version", "GET /\r\n\r\n"),
                refused(400, "lower-case version", "GET / http/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "version with more digits", "GET / HTTP/1.10\r\nHost: x\r\n\r\n"),
                refused(400, "two spaces", "GET  / HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "space behind the version", "GET / HTTP/1.1 \r\nHost: x\r\n\r\n"),
                refused(400, "space in the target", "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "tab in the request line", "GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "target not ASCII", "GET /\u00e9 HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "control in the target", "GET /\u0001 HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "target without slash", "GET a HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "asterisk", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "authority form", "CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "foreign scheme", "GET ftp://x/ HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "absolute form without host", "GET http:///a HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "method not a token", "GE(T / HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "long method", "G".repeat(33) + " / HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "three empty lines first", "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(400, "TLS hello", "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003"),
                refused(505, "HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                refused(505, "HTTP/1.2", "GET / HTTP/1.2\r\nHost: x\r\n\r\n"),
                refused(414, "long target", "GET /" + "a".repeat(16 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
                refused(414, "endless target", "GET /" + "a".repeat(64 * 1024)),
                refused(414, "long method of 20,000", "G".repeat(20_000)),
                refused(400, "64 KiB of headers", put("A: " + "b".repeat(64 * 1024) + "\r\n")),
                refused(400, "10,000 headers", put("A: b\r\n".repeat(10_000))),
                refused(400, "201 headers", put("A: b\r\n".repeat(200))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefused(String name, int status, String request) throws Exception {
        AtomicInteger handled = new AtomicInteger();
        try (RunningServer server = RunningServer.of(exchange -> {
                    handled.incrementAndGet();
                    Handlers.DEAF.handle(exchange);
                });
                RawClient client = server.connect()) {
            client.send(request + NEXT);
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(status);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
            assertThat(handled).hasValue(0);
            assertThat(server.server().counters().faults()).isEqualTo(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void isRefusedBehindAGoodRequestToo(String name, int status, String request) throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send(NEXT + request);
            assertThat(client.read().text()).isEqualTo("GET /smuggled ");
            assertThat(client.read().status()).isEqualTo(status);
            assertThat(client.atEnd()).isTrue();
        }
    }

    static Stream<Arguments> malformedBodies() {
        return Stream.of(
                Arguments.of("size not hexadecimal", "x\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("negative size", "-3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size with plus", "+3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size with 0x", "0x3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("empty size", "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space before size", " 3\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("space behind size", "3 \r\nabc\r\n0\r\n\r\n"),
                Arguments.of("size of 16 digits", "1000000000000003\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF behind size", "3\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare LF in an extension", "3;a\nb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("bare CR in an extension", "3;a\rb\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("NUL in an extension", "3;a\0\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("endless extension", "3;" + "a".repeat(300) + "\r\nabc\r\n0\r\n\r\n"),
                Arguments.of("longer than its size", "3\r\nabcd\r\n0\r\n\r\n"),
                Arguments.of("bare LF behind data", "3\r\nabc\n0\r\n\r\n"),
                Arguments.of("folded trailer", "0\r\nA: b\r\n c\r\n\r\n"),
                Arguments.of("trailer without colon", "0\r\nA\r\n\r\n"),
                Arguments.of("bare LF behind a trailer", "0\r\nA: b\n\r\n"),
                Arguments.of("endless trailer", "0\r\nA: " + "b".repeat(9000) + "\r\n\r\n"),
                Arguments.of("33 trailers", "0\r\n" + "A: b\r\n".repeat(33) + "\r\n"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformedBodies")
    void brokenChunkedCodingIsTheHandlersToRefuse(String name, String body) throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send(put("Transfer-Encoding: chunked\r\n") + body + NEXT);
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).isEqualTo("MALFORMED");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void plainHttpOnTheTlsPortIsRefused() throws Exception {
        TlsIdentity identity = SelfMadeCertificate.make(java.util.List.of("localhost"), RunningServer.CLOCK.instant());
        try (RunningServer server = RunningServer.of(
                        HttpLimits.DEFAULT, java.util.Optional.of(identity), Handlers.ECHO, Transport.best());
                RawClient client = server.connect()) {
            client.send(NEXT);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aSlowHeadIsEnded() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULT.withHead(new HttpLimits.Head(1000, 2000, 10, Duration.ofMillis(100)));
        try (RunningServer server = RunningServer.of(limits, Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: ");
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).startsWith(HttpFault.TIMEOUT.message());
            assertThat(client.atEnd()).isTrue();
            assertThat(server.server().counters().timeouts()).isEqualTo(1);
        }
    }

    @Test
    void aSilentConnectionIsClosed() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULT.withHead(new HttpLimits.Head(1000, 2000, 10, Duration.ofMillis(100)));
        try (RunningServer server = RunningServer.of(limits, Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        try (RunningServer server =
                        RunningServer.of(HttpLimits.DEFAULT.withIdle(Duration.ofMillis(100)), Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.get("/").status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void oneConnectionTooManyIsToldSo() throws Exception {
        try (RunningServer server = RunningServer.of(HttpLimits.DEFAULT.withMaxConnections(2), Handlers.ECHO);
                RawClient first = server.connect();
                RawClient second = server.connect()) {
            assertThat(first.get("/").status()).isEqualTo(200);
            assertThat(second.get("/").status()).isEqualTo(200);
            try (RawClient third = server.connect()) {
                RawClient.Response refusal = third.read();
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.header("connection")).isEqualTo("close");
                assertThat(third.atEnd()).isTrue();
            }
            assertThat(server.server().counters().connectionsRefused()).isEqualTo(1);
            assertThat(first.get("/").status()).isEqualTo(200);
        }
    }
}
