package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** How connections end: behind whole answers, and without a reset that could overtake them. */
class HttpCloseTest {
    private static final HttpLimits.Leftover LEFTOVER =
            new HttpLimits.Leftover(10_000, Duration.ofMillis(100), Duration.ofSeconds(10));

    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    private static HttpLimits limits() {
        return HttpLimits.DEFAULT.withBody(new HttpLimits.Body(
                256 * 1024, 64L << 20, Duration.ofSeconds(10), 0, Duration.ofSeconds(10), LEFTOVER));
    }

    /** The server has ended its side, and what the client still sends doesn't make it reset the connection. */
    private static void assertLingers(RawClient client) throws IOException {
        assertThat(client.atEnd()).isTrue();
        for (int i = 0; i < 3; i++) {
            client.send("x".repeat(1000));
            assertThat(client.atEnd()).isTrue();
        }
    }

    // Lingering

    @Test
    void whatComesBehindTheLastRequestResetsNothing() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("GET / ");
            assertLingers(client);
        }
    }

    @Test
    void aBrokenLeftoverResetsNothing() throws Exception {
        try (RunningServer server = RunningServer.of(limits(), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
            assertThat(client.read().status()).isEqualTo(403);
            client.send("lo, and no end of line");
            assertLingers(client);
        }
    }

    @Test
    void aLateLeftoverResetsNothing() throws Exception {
        try (RunningServer server = RunningServer.of(limits(), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(403);
            assertLingers(client);
        }
    }

    @Test
    void aRefusedConnectionIsNotReset() throws Exception {
        try (RunningServer server = RunningServer.of(HttpLimits.DEFAULT.withMaxConnections(1), Handlers.ECHO);
                RawClient first = server.connect()) {
            assertThat(first.get("/").status()).isEqualTo(200);
            try (RawClient second = server.connect()) {
                assertThat(second.read().status()).isEqualTo(503);
                assertLingers(second);
                // While it lingers, it takes nobody's place.
                first.close();
                await().until(() -> server.server().counters().openConnections() <= 1);
                try (RawClient third = server.connect()) {
                    assertThat(third.get("/").status()).isEqualTo(200);
                }
            }
        }
    }

    @Test
    void aShutdownDoesNotWaitForWhoDoesNotClose() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(client.atEnd()).isTrue();
            assertThat(server.server().close(Duration.ofSeconds(10))).isTrue();
        }
    }

    // Idle connections

    @Test
    void anEmptyLineBehindABodyIsNoRequest() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULT.withHead(new HttpLimits.Head(1000, 2000, 10, Duration.ofMillis(100)));
        try (RunningServer server = RunningServer.of(limits, Handlers.ECHO);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello\r\n");
            assertThat(client.read().text()).isEqualTo("PUT / hello");
            assertThat(client.atEnd())
                    .as("no answer that the next request could take for its own")
                    .isTrue();
        }
    }

    @Test
    void aConnectionThatComesDuringAShutdownEnds() throws Exception {
        ConnectionSet connections = new ConnectionSet();
        connections.drain();
        EmbeddedChannel late = embedded(connections, _ -> {});
        late.runPendingTasks();
        assertThat(late.isOpen()).isFalse();
        assertThat(connections.awaitEmpty(0)).isTrue();
    }

    private static EmbeddedChannel embedded(ConnectionSet connections, java.util.concurrent.Executor requests) {
        ServerContext context = new ServerContext(
                limits(),
                Handlers.ECHO,
                HttpErrorRenderer.PLAIN_TEXT,
                new RequestStarts(requests),
                new HttpCounters(),
                new InboundBudget(limits().body()),
                new DateHeader(RunningServer.CLOCK),
                false);
        return new EmbeddedChannel(new HttpConnection(context, connections)) {
            @Override
            protected SocketAddress remoteAddress0() {
                return new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
            }
        };
    }

    // Half-closed connections

    @Test
    void allThatCameBeforeTheClientsEndIsAnswered() throws Exception {
        ExchangeHandler handler = Handlers.of(
                exchange -> exchange.respond(new ResponseHead(200, Headers.EMPTY), ByteBuffer.allocate(100_000)));
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send(GET.repeat(100) + "GET / HT").endOutput();
            for (int i = 0; i < 100; i++) {
                assertThat(client.read().body()).hasSize(100_000);
            }
            assertThat(client.atEnd()).isTrue();
        }
    }

    /** More than the socket takes at once, so that its event loop has to wait until it can go on. */
    @Test
    void aHalfClosedClientGetsALargeAnswer() throws Exception {
        ByteBuffer large = ByteBuffer.allocateDirect(32 << 20);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ExchangeHandler handler = Handlers.of(exchange -> {
            awaitLatch(mayAnswer);
            exchange.respond(new ResponseHead(200, Headers.EMPTY), large.duplicate());
        });
        for (Transport transport : new Transport[] {Transport.best(), Transport.nio()}) {
            try (RunningServer server =
                            RunningServer.of(HttpLimits.DEFAULT, java.util.Optional.empty(), handler, transport);
                    RawClient client = server.connect()) {
                client.send(GET).endOutput();
                await().until(() -> server.server().counters().bytesReceived() == GET.length());
                mayAnswer.countDown();
                assertThat(client.read().body()).hasSize(large.capacity());
                assertThat(client.atEnd()).isTrue();
            }
        }
    }

    @Test
    void theLastAnswerToAHalfClosedClientSaysSo() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ExchangeHandler handler = exchange -> {
            awaitLatch(mayAnswer);
            Handlers.respond(exchange, 200, "");
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send(GET + GET).endOutput();
            await().until(() -> server.server().counters().bytesReceived() == 2L * GET.length());
            mayAnswer.countDown();
            client.read();
            assertThat(client.read().header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void whatIsSentAheadIsBounded() {
        EmbeddedChannel channel = embedded(new ConnectionSet(), _ -> {});
        byte[] head = GET.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        channel.writeInbound(Unpooled.wrappedBuffer(head));
        for (int i = 0; i < 4; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(new byte[60_000]));
            assertThat(channel.isOpen()).isTrue();
        }
        channel.writeInbound(Unpooled.wrappedBuffer(new byte[60_000]));
        assertThat(channel.isOpen()).isFalse();
    }

    // Broken bodies

    /** The framing could find its feet again; the body must not. */
    @Test
    void aBrokenBodyStaysBroken() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        ExchangeHandler handler = exchange -> {
            awaitLatch(mayRead);
            Handlers.ECHO.handle(exchange);
        };
        String start = "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\n";
        String rest = "\r\nhello\r\n0\r\n\r\n";
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send(start);
            await().until(() -> server.server().counters().bytesReceived() == start.length());
            client.send(rest);
            await().until(() -> server.server().counters().bytesReceived() == start.length() + rest.length());
            mayRead.countDown();
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).isEqualTo("MALFORMED");
            assertThat(client.atEnd()).isTrue();
        }
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
