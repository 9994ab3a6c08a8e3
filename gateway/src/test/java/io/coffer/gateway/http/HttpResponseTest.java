package io.coffer.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseTest {
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final ResponseHead OK = new ResponseHead(200, Headers.EMPTY);

    private final BufferPool pool = BufferPool.tracing(BUFFER_BYTES, 64);

    @AfterEach
    void everyBufferIsGivenBack() {
        await().untilAsserted(() -> assertThat(pool.inUse()).isZero());
        pool.requireNoneInUse();
    }

    private PooledBuffer full(int value) throws IOException {
        try {
            PooledBuffer buffer = pool.acquire(Duration.ofSeconds(10));
            while (buffer.buffer().hasRemaining()) {
                buffer.buffer().put((byte) value);
            }
            buffer.buffer().flip();
            return buffer;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(ISO_8859_1));
    }

    @Test
    void pooledBuffersAreSentWithoutCopy() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            try (ResponseSink sink = exchange.begin(OK, 10L * BUFFER_BYTES)) {
                for (int i = 0; i < 10; i++) {
                    sink.write(full('a' + i));
                }
                sink.finish();
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            for (int round = 0; round < 3; round++) {
                RawClient.Response response = client.get("/");
                assertThat(response.header("content-length")).isEqualTo("655360");
                for (int i = 0; i < response.body().length; i++) {
                    assertThat((int) response.body()[i]).isEqualTo('a' + i / BUFFER_BYTES);
                }
            }
        }
    }

    @Test
    void aBodyOfUnknownLengthIsChunked() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            try (ResponseSink sink = exchange.begin(OK, -1)) {
                sink.write(bytes("one,"));
                sink.write(bytes(""));
                sink.flush();
                sink.write(full('x'));
                sink.write(bytes(",end"));
                sink.finish();
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            RawClient.Response response = client.get("/");
            assertThat(response.header("transfer-encoding")).isEqualTo("chunked");
            assertThat(response.text()).isEqualTo("one," + "x".repeat(BUFFER_BYTES) + ",end");
            assertThat(client.get("/").status()).isEqualTo(200);

            client.send("GET / HTTP/1.0\r\n\r\n");
            RawClient.Response old = client.read();
            assertThat(old.headers()).doesNotContainKeys("transfer-encoding", "content-length");
            assertThat(old.header("connection")).isEqualTo("close");
            assertThat(old.body()).hasSize(BUFFER_BYTES + 8);
        }
    }

    @Test
    void flushedBytesAreSeenBeforeTheEnd() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        ExchangeHandler handler = Handlers.of(exchange -> {
            try (ResponseSink sink = exchange.begin(OK, 5)) {
                sink.write(bytes("he"));
                sink.flush();
                seen.await();
                sink.write(bytes("llo"));
                sink.finish();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            StringBuilder received = new StringBuilder();
            while (!received.toString().endsWith("\r\n\r\nhe")) {
                received.append((char) client.readByte());
            }
            seen.countDown();
            assertThat(client.readByte()).isEqualTo('l');
        }
    }

    @Test
    void headGetsTheHeadAlone() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            switch (exchange.head().target()) {
                case "/length" -> exchange.respondHead(OK, 1L << 40);
                case "/unknown" -> exchange.respondHead(OK, -1);
                case "/body" -> exchange.respond(OK, bytes("hello"));
                default -> {
                    try (ResponseSink sink = exchange.begin(OK, 2L * BUFFER_BYTES)) {
                        sink.write(full('x'));
                        sink.finish();
                    }
                }
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            for (var expected : java.util.Map.of("/length", "1099511627776", "/body", "5", "/sink", "131072")
                    .entrySet()) {
                client.send("HEAD " + expected.getKey() + " HTTP/1.1\r\nHost: x\r\n\r\n");
                assertThat(client.readHead().header("content-length")).isEqualTo(expected.getValue());
            }
            client.send("HEAD /unknown HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(client.readHead().headers()).doesNotContainKeys("content-length", "transfer-encoding");
            assertThat(client.get("/body").text()).isEqualTo("hello");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 304})
    void someStatusesHaveNoBody(int status) throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> {
            ResponseHead head = new ResponseHead(status, Headers.of("ETag", "\"a\""));
            switch (exchange.head().target()) {
                case "/respond" -> exchange.respond(head, bytes("not sent"));
                case "/head" -> exchange.respondHead(head, -1);
                default -> {
                    try (ResponseSink sink = exchange.begin(head, 3)) {
                        sink.write(bytes("no"));
                        sink.finish();
                    }
                }
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            for (String target : new String[] {"/respond", "/head", "/begin"}) {
                RawClient.Response response = client.get(target);
                assertThat(response.status()).isEqualTo(status);
                assertThat(response.header("etag")).isEqualTo("\"a\"");
                assertThat(response.headers()).doesNotContainKey("transfer-encoding");
                if (status == 204) {
                    assertThat(response.headers()).doesNotContainKey("content-length");
                }
            }
        }
    }

    @Test
    void emptyAnswersSayTheirLength() throws Exception {
        ExchangeHandler handler = Handlers.of(exchange -> exchange.respondHead(OK, -1));
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThat(client.get("/").header("content-length")).isEqualTo("0");
            assertThat(client.get("/").header("content-length")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"short", "long", "unfinished", "throws", "chunked"})
    void aWrongLengthClosesTheConnection(String how) throws Exception {
        ExchangeHandler handler = exchange -> {
            try (ResponseSink sink = exchange.begin(OK, how.equals("chunked") ? -1 : 3L * BUFFER_BYTES / 2)) {
                sink.write(full('x'));
                switch (how) {
                    case "short" -> sink.finish();
                    case "long" -> sink.write(full('x'));
                    case "throws" -> throw new IllegalStateException("on purpose");
                    default -> {}
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void anAnswerIsGivenOnce() throws Exception {
        CompletableFuture<Throwable> second = new CompletableFuture<>();
        ExchangeHandler handler = Handlers.of(exchange -> {
            exchange.respond(OK, bytes("a"));
            try {
                exchange.begin(OK, 1);
            } catch (IllegalStateException e) {
                second.complete(e);
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThat(client.get("/").text()).isEqualTo("a");
            assertThat(second.get(5, TimeUnit.SECONDS)).hasMessage("answered twice");
            assertThat(client.get("/").text()).isEqualTo("a");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: b", "a\nb", "a\0"})
    void nothingCanBeSmuggledIntoAHead(String value) throws Exception {
        ExchangeHandler handler =
                Handlers.of(exchange -> exchange.respond(new ResponseHead(200, Headers.of("X", value)), bytes("")));
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aSlowClientHoldsTheWriterBack() throws Exception {
        AtomicLong written = new AtomicLong();
        AtomicLong peak = new AtomicLong();
        int buffers = 500;
        ExchangeHandler handler = Handlers.of(exchange -> {
            try (ResponseSink sink = exchange.begin(OK, (long) buffers * BUFFER_BYTES)) {
                for (int i = 0; i < buffers; i++) {
                    sink.write(full(i));
                    peak.accumulateAndGet(pool.inUse(), Math::max);
                    written.incrementAndGet();
                }
                sink.finish();
            }
        });
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            AtomicLong before = new AtomicLong();
            // It goes on when half of what it may have in flight was taken, so how much that is now can't be known.
            await().pollInterval(Duration.ofMillis(200)).until(() -> {
                assertThat(pool.inUse()).isLessThanOrEqualTo(9);
                long now = written.get();
                return before.getAndSet(now) == now && now > 0;
            });
            assertThat(written.get()).isLessThan(buffers);
            assertThat(peak.get()).as("what it has in flight at most").isBetween(8L, 9L);
            byte[] body = client.read().body();
            assertThat(body).hasSize(buffers * BUFFER_BYTES);
            for (int i = 0; i < buffers; i++) {
                assertThat(body[i * BUFFER_BYTES]).isEqualTo((byte) i);
            }
        }
    }

    @Test
    void aClientThatStopsTakingIsCut() throws Exception {
        HttpLimits limits =
                HttpLimits.DEFAULT.withResponse(new HttpLimits.Response(512 * 1024, Duration.ofMillis(200), 1000));
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        ExchangeHandler handler = exchange -> {
            try (ResponseSink sink = exchange.begin(OK, -1)) {
                while (true) {
                    sink.write(full('x'));
                }
            } catch (IOException e) {
                failure.complete(e);
            }
        };
        try (RunningServer server = RunningServer.of(limits, handler);
                RawClient client = server.connect()) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            assertThat(failure.get(10, TimeUnit.SECONDS)).hasMessage("the client is gone");
            assertThat(server.server().counters().timeouts()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatGoesAwayFailsTheWriter() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        ExchangeHandler handler = exchange -> {
            try (ResponseSink sink = exchange.begin(OK, -1)) {
                while (true) {
                    sink.write(full('x'));
                }
            } catch (IOException e) {
                failure.complete(e);
            }
        };
        try (RunningServer server = RunningServer.of(handler)) {
            try (RawClient client = server.connect()) {
                client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
                client.readByte();
            }
            assertThat(failure.get(10, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aClientThatPipelinesWithoutReadingIsHeldBack() throws Exception {
        AtomicLong answered = new AtomicLong();
        ByteBuffer body = ByteBuffer.allocateDirect(100_000);
        ExchangeHandler handler = Handlers.of(exchange -> {
            answered.incrementAndGet();
            exchange.respond(OK, body.duplicate());
        });
        int requests = 2000;
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            Thread sender = Thread.startVirtualThread(() -> {
                try {
                    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(requests));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            await().during(Duration.ofMillis(200)).until(() -> answered.get() < 200);
            for (int i = 0; i < requests; i++) {
                assertThat(client.read().body()).hasSize(100_000);
            }
            sender.join();
        }
    }
}
