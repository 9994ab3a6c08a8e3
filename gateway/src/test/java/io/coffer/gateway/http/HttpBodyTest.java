package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpBodyTest {
    private static final HttpLimits.Leftover LEFTOVER =
            new HttpLimits.Leftover(10_000, Duration.ofMillis(500), Duration.ofSeconds(5));

    private static HttpLimits limits(HttpLimits.Leftover leftover) {
        return HttpLimits.DEFAULT.withBody(new HttpLimits.Body(
                256 * 1024, 64L << 20, Duration.ofSeconds(10), 0, Duration.ofSeconds(10), leftover));
    }

    private static String put(long length, String headers) {
        return "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + "\r\n" + headers + "\r\n";
    }

    // Expect: 100-continue

    @Test
    void continueIsSentWhenTheBodyIsAskedForAndNotBefore() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        ExchangeHandler handler = exchange -> {
            try {
                mayRead.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Handlers.ECHO.handle(exchange);
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send(put(5, "Expect: 100-Continue\r\n"));
            client.socket().setSoTimeout(100);
            assertThatThrownBy(client::readByte).isInstanceOf(java.net.SocketTimeoutException.class);
            client.socket().setSoTimeout(10_000);
            mayRead.countDown();
            assertThat(client.read().status()).isEqualTo(100);
            assertThat(client.send("hello").read().text()).isEqualTo("PUT / hello");
            assertThat(client.get("/2").text()).isEqualTo("GET /2 ");
        }
    }

    @Test
    void aClientThatDoesNotWaitGetsNoContinue() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.send(put(5, "Expect: 100-continue\r\n") + "hello")
                            .read()
                            .text())
                    .isEqualTo("PUT / hello");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Expect: 200-ok\r\n", "Expect:\r\n"})
    void otherExpectationsMeanNothing(String header) throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.send(put(5, header) + "hello").read().text()).isEqualTo("PUT / hello");
        }
    }

    @Test
    void aRefusedExpectationEndsTheConnection() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.DEAF);
                RawClient client = server.connect()) {
            RawClient.Response response =
                    client.send(put(5, "Expect: 100-continue\r\n")).read();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void anEmptyBodyIsNotWaitedFor() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO);
                RawClient client = server.connect()) {
            assertThat(client.send(put(0, "Expect: 100-continue\r\n")).read().text())
                    .isEqualTo("PUT / ");
            assertThat(client.get("/2").status()).isEqualTo(200);
        }
    }

    // Bodies that nobody reads

    @Test
    void aLittleLeftoverIsDrainedAndTheConnectionKept() throws Exception {
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), Handlers.DEAF);
                RawClient client = server.connect()) {
            for (int i = 0; i < 5; i++) {
                client.send(put(10_000, "") + "x".repeat(5000));
                RawClient.Response response = client.read();
                assertThat(response.status()).isEqualTo(403);
                assertThat(response.headers()).doesNotContainKey("connection");
                client.send("x".repeat(5000));
            }
            assertThat(server.server().counters().connectionsAccepted()).isEqualTo(1);
        }
    }

    @Test
    void aLittleChunkedLeftoverIsDrainedToo() throws Exception {
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel");
            assertThat(client.read().status()).isEqualTo(403);
            client.send("lo\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(403);
        }
    }

    @Test
    void aLeftoverThatDoesNotComeEndsTheConnection() throws Exception {
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send(put(10_000, "") + "x".repeat(5000));
            assertThat(client.read().status()).isEqualTo(403);
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void anEndlessChunkedLeftoverEndsTheConnection() throws Exception {
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(403);
            client.send("4e20\r\n" + "x".repeat(20_000) + "\r\n");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void theAnswerToALargeUnreadBodyIsSeenWhileItIsStillSent() throws Exception {
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), Handlers.DEAF);
                RawClient client = server.connect()) {
            // More than all socket buffers hold: the server must read on for this to return at all.
            byte[] body = new byte[32 << 20];
            client.send(put(body.length, "")).send(body);
            RawClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(403);
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aConnectionDoesNotLingerForEver() throws Exception {
        HttpLimits.Leftover brief = new HttpLimits.Leftover(10, Duration.ofMillis(100), Duration.ofMillis(100));
        try (RunningServer server = RunningServer.of(limits(brief), Handlers.DEAF);
                RawClient client = server.connect()) {
            client.send(put(1 << 20, ""));
            assertThat(client.read().status()).isEqualTo(403);
            assertThat(client.atEnd()).isTrue();
            await().until(() -> server.server().counters().openConnections() == 0);
        }
    }

    @Test
    void aHalfReadBodyDoesNotTouchTheNextRequest() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            ByteBuffer first = exchange.body().read();
            Handlers.respond(exchange, 200, first == null ? "nothing" : "something");
        });
        try (RunningServer server = RunningServer.of(limits(LEFTOVER), handler);
                RawClient client = server.connect()) {
            client.send(put(9000, "") + "x".repeat(4000));
            assertThat(client.read().text()).isEqualTo("something");
            client.send("x".repeat(5000) + "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.read().text()).isEqualTo("nothing");
        }
    }

    // Clients that stop

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 999})
    void aClientThatGoesAwayFailsTheBody(int sent) throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        ExchangeHandler handler = exchange -> {
            try {
                Handlers.readAll(exchange.body());
                failure.complete(new AssertionError("the body ended"));
            } catch (IOException e) {
                failure.complete(e);
            }
            Handlers.respond(exchange, 400, "");
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send(put(1000, "") + "x".repeat(sent));
            client.close();
            assertThat(failure.get(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            RequestBodyException.class,
                            e -> assertThat(e.reason()).isEqualTo(RequestBodyException.Reason.INCOMPLETE));
        }
    }

    @Test
    void aClientThatEndsItsSideEarlyIsToldSo() throws Exception {
        try (RunningServer server = RunningServer.of(Handlers.ECHO)) {
            for (String start : List.of(
                    put(10, "") + "hello",
                    "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")) {
                try (RawClient client = server.connect()) {
                    RawClient.Response response = client.send(start).endOutput().read();
                    assertThat(response.status()).isEqualTo(400);
                    assertThat(response.text()).isEqualTo("INCOMPLETE");
                    assertThat(client.atEnd()).isTrue();
                }
            }
        }
    }

    @Test
    void aClientThatStopsSendingTimesOut() throws Exception {
        HttpLimits limits = HttpLimits.DEFAULT.withBody(new HttpLimits.Body(
                256 * 1024, 64L << 20, Duration.ofMillis(100), 0, Duration.ofSeconds(10), LEFTOVER));
        try (RunningServer server = RunningServer.of(limits, Handlers.ECHO);
                RawClient client = server.connect()) {
            RawClient.Response response = client.send(put(1000, "") + "hello").read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.text()).isEqualTo("TIMEOUT");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(client.atEnd()).isTrue();
        }
    }

    @Test
    void aClientThatTricklesTimesOut() throws Exception {
        // A rate that nobody reaches who sends one byte after the other, though none keeps the handler waiting for
        // long.
        HttpLimits limits = HttpLimits.DEFAULT.withBody(new HttpLimits.Body(
                256 * 1024, 64L << 20, Duration.ofSeconds(10), 1L << 30, Duration.ofMillis(200), LEFTOVER));
        Semaphore read = new Semaphore(0);
        ExchangeHandler handler = Handlers.of(exchange -> {
            while (exchange.body().read() != null) {
                read.release();
            }
            Handlers.respond(exchange, 200, "");
        });
        try (RunningServer server = RunningServer.of(limits, handler);
                RawClient client = server.connect()) {
            client.send(put(1_000_000, ""));
            Thread trickle = Thread.startVirtualThread(() -> {
                try {
                    while (true) {
                        client.send("x");
                        read.acquire();
                    }
                } catch (IOException | InterruptedException e) {
                    // the server has had enough
                }
            });
            assertThat(client.read().text()).isEqualTo("TIMEOUT");
            trickle.interrupt();
            trickle.join();
        }
    }

    // Memory

    @Test
    void aBodyNobodyReadsIsHeldBack() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        AtomicLong read = new AtomicLong();
        ExchangeHandler handler = Handlers.of(exchange -> {
            try {
                mayRead.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            read.set(Handlers.readAll(exchange.body()).length);
            Handlers.respond(exchange, 200, "");
        });
        int total = 24 << 20;
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    client.send(put(total, "")).send(new byte[total]);
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            await().until(() -> server.server().waitingBodyBytes() >= 256 * 1024);
            long received = server.server().counters().bytesReceived();
            assertThat(server.server().waitingBodyBytes()).isLessThanOrEqualTo(2 * 256 * 1024);
            assertThat(sender.join(Duration.ofMillis(100))).isFalse();
            assertThat(server.server().counters().bytesReceived()).isEqualTo(received);
            mayRead.countDown();
            assertThat(client.read().status()).isEqualTo(200);
            sender.join();
            assertThat(read).hasValue(total);
        }
    }

    @Test
    void manyBodiesShareTheMemory() throws Exception {
        CountDownLatch mayRead = new CountDownLatch(1);
        ExchangeHandler handler = Handlers.of(exchange -> {
            try {
                mayRead.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Handlers.respond(exchange, 200, Integer.toString(Handlers.readAll(exchange.body()).length));
        });
        HttpLimits limits = HttpLimits.DEFAULT.withBody(
                new HttpLimits.Body(256 * 1024, 1 << 20, Duration.ofSeconds(10), 0, Duration.ofSeconds(10), LEFTOVER));
        int total = 8 << 20;
        List<RawClient> clients = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        try (RunningServer server = RunningServer.of(limits, handler)) {
            for (int i = 0; i < 20; i++) {
                RawClient client = server.connect();
                clients.add(client);
                client.send(put(total, ""));
            }
            await().until(() -> server.server().counters().requestsInFlight() == 20);
            for (RawClient client : clients) {
                senders.add(Thread.startVirtualThread(() -> {
                    try {
                        client.send(new byte[total]);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                }));
            }
            await().until(() -> server.server().waitingBodyBytes() >= 1 << 20);
            assertThat(server.server().waitingBodyBytes()).isLessThanOrEqualTo(3 << 20);
            mayRead.countDown();
            for (RawClient client : clients) {
                assertThat(client.read().text()).isEqualTo(Integer.toString(total));
                client.close();
            }
            for (Thread sender : senders) {
                sender.join();
            }
        }
    }

    @Test
    void largeBodiesArriveWhole() throws Exception {
        byte[] body = new byte[3 << 20];
        new java.util.Random(1).nextBytes(body);
        ExchangeHandler handler = Handlers.of(exchange -> {
            byte[] received = Handlers.readAll(exchange.body());
            exchange.respond(new ResponseHead(200, Headers.EMPTY), ByteBuffer.wrap(received));
        });
        StringBuilder chunked = new StringBuilder("PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int from = 0, size = 1;
                from < body.length;
                from += size, size = Math.min(size * 3 / 2 + 1, body.length - from)) {
            chunked.append(Integer.toHexString(size))
                    .append("\r\n")
                    .append(new String(body, from, size, ISO_8859_1))
                    .append("\r\n");
        }
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThat(client.send(put(body.length, "")).send(body).read().body())
                    .isEqualTo(body);
            assertThat(client.send(chunked.append("0\r\n\r\n").toString())
                            .read()
                            .body())
                    .isEqualTo(body);
        }
    }
}
