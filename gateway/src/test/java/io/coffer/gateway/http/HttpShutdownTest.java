package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HttpShutdownTest {
    @Test
    void requestsInFlightAreFinishedAndIdleConnectionsClosed() throws Exception {
        CountDownLatch mayAnswer = new CountDownLatch(1);
        ExchangeHandler handler = exchange -> {
            try {
                if (exchange.head().target().equals("/slow")) {
                    mayAnswer.await();
                }
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Handlers.respond(exchange, 200, "done");
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient idle = server.connect();
                RawClient busy = server.connect()) {
            assertThat(idle.get("/").text()).isEqualTo("done");
            busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
            await().until(() -> server.server().counters().requestsInFlight() == 1);

            CompletableFuture<Boolean> closed =
                    CompletableFuture.supplyAsync(() -> server.server().close(Duration.ofSeconds(10)));
            assertThat(idle.atEnd()).isTrue();
            await().untilAsserted(() -> assertThatThrownBy(server::connect).isInstanceOf(IOException.class));
            assertThat(closed).isNotDone();

            mayAnswer.countDown();
            RawClient.Response response = busy.read();
            assertThat(response.text()).isEqualTo("done");
            assertThat(response.header("connection")).isEqualTo("close");
            assertThat(busy.atEnd()).isTrue();
            assertThat(closed.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aServerThatRetiresServesWhoeverComesAndHasConnectionsEnd() throws Exception {
        try (RunningServer server = RunningServer.of(exchange -> Handlers.respond(exchange, 200, "done"));
                RawClient before = server.connect()) {
            assertThat(before.get("/").header("connection")).isNull();
            server.server().retire();
            assertThat(before.get("/").header("connection")).isEqualTo("close");
            assertThat(before.atEnd()).isTrue();
            try (RawClient after = server.connect()) {
                RawClient.Response response = after.get("/");
                assertThat(response.text()).isEqualTo("done");
                assertThat(response.header("connection")).isEqualTo("close");
                assertThat(after.atEnd()).isTrue();
            }
        }
    }

    @Test
    void theDeadlineCutsWhatIsLeft() throws Exception {
        CompletableFuture<Throwable> failure = new CompletableFuture<>();
        ExchangeHandler handler = exchange -> {
            try {
                exchange.body().read();
            } catch (IOException e) {
                failure.complete(e);
            }
            Handlers.respond(exchange, 400, "");
        };
        try (RunningServer server = RunningServer.of(handler);
                RawClient client = server.connect()) {
            client.send("PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
            await().until(() -> server.server().counters().requestsInFlight() == 1);
            assertThat(server.server().close(Duration.ofMillis(100))).isFalse();
            assertThat(failure.get(5, TimeUnit.SECONDS)).isInstanceOf(RequestBodyException.class);
        }
    }
}
