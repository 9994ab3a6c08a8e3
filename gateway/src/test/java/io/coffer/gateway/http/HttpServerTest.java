package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpServerTest {
    @Test
    void aRequestIsAnswered() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            RawClient.Response response = client.send(
                            "PUT /a%20b?c HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                    .read();
            assertThat(response.status()).isEqualTo(200);
            assertThat(response.text()).isEqualTo("PUT /a%20b?c hello");
            assertThat(response.headers())
                    .containsEntry("date", RunningServer.DATE)
                    .containsEntry("content-type", "text/plain")
                    .containsEntry("content-length", "18")
                    .doesNotContainKey("connection");
        }
    }

    @Test
    void theHeadIsAsItWasSent() throws Exception {
        CompletableFuture<RequestHead> seen = new CompletableFuture<>();
        try (RunningServer server = RunningServer.of(exchange -> {
                    seen.complete(exchange.head());
                    Handlers.respond(exchange, 200, "");
                });
                RawClient client = server.connect()) {
            client.send("FROBNICATE /%2F//./x HTTP/1.0\r\nX-A:  b  c \t\r\nx-a:\r\nX-Latin: caf\u00e9\r\n\r\n")
                    .read();
            RequestHead head = seen.get(5, TimeUnit.SECONDS);
            assertThat(head.method()).isEqualTo("FROBNICATE");
            assertThat(head.target()).isEqualTo("/%2F//./x");
            assertThat(head.protocol()).isEqualTo("HTTP/1.0");
            assertThat(head.headers())
                    .containsExactly(
                            new Header("X-A", "b  c"), new Header("x-a", ""), new Header("X-Latin", "caf\u00e9"));
            assertThat(head.secure()).isFalse();
            assertThat(head.remote().getPort()).isEqualTo(client.socket().getLocalPort());
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.get("/" + i).text()).isEqualTo("GET /" + i + " ");
            }
            assertThat(server.server().counters().connectionsAccepted()).isEqualTo(1);
            assertThat(server.server().counters().requestsStarted()).isEqualTo(20);
        }
    }

    @Test
    void aHundredPipelinedRequestsAreAnsweredInOrder() throws Exception {
        StringBuilder requests = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            String body = "b".repeat(i);
            requests.append("PUT /").append(i).append(" HTTP/1.1\r\nHost: x\r\n");
            requests.append(
                    i % 2 == 0
                            ? "Content-Length: " + i + "\r\n\r\n" + body
                            : "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(i) + "\r\n" + body
                                    + "\r\n0\r\n\r\n");
        }
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send(requests.toString());
            for (int i = 0; i < 100; i++) {
                assertThat(client.read().text()).isEqualTo("PUT /" + i + " " + "b".repeat(i));
            }
        }
    }

    @Test
    void everySplitOfTwoRequestsIsTheSame() throws Exception {
        byte[] requests = ("\r\nPUT /1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX-T: v\r\n\r\n"
                        + "PUT /2 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nfgh")
                .getBytes(ISO_8859_1);
        try (RunningServer server = RunningServer.of(Handlers.ECHO)) {
            for (int cut = 1; cut < requests.length; cut++) {
                try (RawClient client = server.connect()) {
                    client.send(java.util.Arrays.copyOf(requests, cut));
                    Thread.yield();
                    client.send(java.util.Arrays.copyOfRange(requests, cut, requests.length));
                    assertThat(client.read().text()).as("cut at %d", cut).isEqualTo("PUT /1 abcde");
                    assertThat(client.read().text()).as("cut at %d", cut).isEqualTo("PUT /2 fgh");
                }
            }
        }
    }

    @Test
    void oneByteAtATimeIsTheSame() throws Exception {
        byte[] request = "PUT /1 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc".getBytes(ISO_8859_1);
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            for (byte b : request) {
                client.send(new byte[] {b});
            }
            assertThat(client.read().text()).isEqualTo("PUT /1 abc");
        }
    }

    @Test
    void trailersAreReadBehindTheBody() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            Handlers.readAll(exchange.body());
            Handlers.respond(exchange, 200, exchange.body().trailers().toString());
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThat(client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n"
                                    + "1\r\na\r\n0\r\nA: b\r\nC:d\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("[Header[name=A, value=b], Header[name=C, value=d]]");
        }
    }

    @Test
    void closeIsHonouredAndSaid() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            RawClient.Response response = client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                    .read();
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aHandlerCanEndTheConnection() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> exchange.respond(
                new ResponseHead(200, Headers.of("Connection", "close")), java.nio.ByteBuffer.allocate(0)));
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThat(client.get("/").header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Connection: keep-alive\r\n"})
    void oldClientsKeepTheConnectionOnlyIfTheyAsk(String connection) throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            RawClient.Response response =
                    client.send("GET / HTTP/1.0\r\n" + connection + "\r\n").read();
            assertThat(response.text()).isEqualTo("GET / ");
            if (connection.isEmpty()) {
                assertThat(response.header("connection")).isEqualTo("close");
                assertThat(client.atEnd()).isTrue();
            } else {
                assertThat(response.header("connection")).isEqualTo("keep-alive");
                assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
            }
        }
    }

    @Test
    void absoluteFormNamesTheSameTarget() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.send("GET http://X:80/a?b HTTP/1.1\r\nHost: x:80\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("GET /a?b ");
            assertThat(client.send("GET https://x?b HTTP/1.1\r\nHost: x\r\n\r\n")
                            .read()
                            .text())
                    .isEqualTo("GET /?b ");
        }
    }

    @Test
    void halfClosedClientsGetTheirAnswer() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
                    .endOutput();
            assertThat(client.read().text()).isEqualTo("GET / ");
        }
    }

    @Test
    void aBugOfTheHandlerClosesTheConnection() throws Exception {
        ExchangeHandler handler = exchange -> {
            if (exchange.head().target().equals("/throws")) {
                throw new IllegalStateException("on purpose");
            }
        };
        try (RunningServer server = RunningServer.of(handler)) {
            for (String target : new String[] {"/throws", "/silent"}) {
                try (RawClient client = server.connect()) {
                    assertThatThrownBy(() -> client.get(target)).isInstanceOf(IOException.class);
                }
            }
        }
    }

    @Test
    void aPortInUseIsSaid() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO)) {
            InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
            assertThatThrownBy(() -> new HttpServer(
                            new HttpServer.Settings("second", taken, Optional.empty(), HttpLimits.DEFAULT),
                            Handlers.ECHO,
                            HttpErrorRenderer.PLAIN_TEXT,
                            RunningServer.CLOCK))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("can't listen on")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void theJdksSelectorServesAsWell() throws Exception {
        try (RunningServer server =
                        RunningServer.of(HttpLimits.DEFAULT, Optional.empty(), Handlers.ECHO, Transport.nio());
                RawClient client = server.connect()) {
            String body = "x".repeat(1 << 20);
            RawClient.Response response = client.send(
                            "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .read();
            assertThat(response.text()).isEqualTo("PUT / " + body);
            assertThat(client.get("/").text()).isEqualTo("GET / ");
        }
    }

    @Test
    void bytesAreCounted() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            String request = "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
            client.send(request).read();
            assertThat(server.server().counters().bytesReceived()).isEqualTo(request.length());
            assertThat(server.server().counters().bytesSent()).isGreaterThan(100);
            assertThat(server.server().counters().openConnections()).isEqualTo(1);
        }
    }

    @Test
    void oneOfTwoServersOnTheSameThreadsClosesAlone() throws Exception {
        EventLoops loops = EventLoops.start("shared");
        try (HttpServer stays = on(loops);
                HttpServer goes = on(loops);
                RawClient before = RawClient.connect(goes.address().getPort())) {
            before.get("/");
            assertThat(goes.close(Duration.ofSeconds(10))).isTrue();
            try (RawClient client = RawClient.connect(stays.address().getPort())) {
                assertThat(client.get("/").text()).isEqualTo("GET / ");
            }
        } finally {
            loops.close();
        }
        assertThat(loops.group().isTerminated()).isTrue();
    }

    private static HttpServer on(EventLoops loops) throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new HttpServer(
                new HttpServer.Settings("http-test", free, Optional.empty(), HttpLimits.DEFAULT),
                Handlers.ECHO,
                HttpErrorRenderer.PLAIN_TEXT,
                RunningServer.CLOCK,
                loops);
    }
}
