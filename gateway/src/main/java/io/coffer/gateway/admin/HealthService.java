package io.coffer.gateway.admin;

import io.coffer.gateway.http.Exchange;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.http.ResponseHead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /healthz}, {@code /readyz} and {@code /metrics}, for anybody who reaches the port, of a process that has nothing else to say
 * over HTTP. Thread-safe.
 */
public final class HealthService implements ExchangeHandler {
    private static final Logger LOG = LoggerFactory.getLogger(HealthService.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<Optional<String>> readiness;
    private final Supplier<String> metrics;

    /**
     * @param readiness why it can't serve now; empty when it can
     * @param metrics in Prometheus' text format
     */
    public HealthService(Supplier<Optional<String>> readiness, Supplier<String> metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    /** An answer in words. */
    record Answer(int status, String type, String text) {}

    /** What is said at a path; empty if nothing is. */
    Optional<Answer> at(String path) {
        return switch (path) {
            case "/healthz" -> Optional.of(new Answer(200, TEXT, "ok\n"));
            case "/readyz" -> {
                Optional<String> notReady = readiness.get();
                yield Optional.of(
                        notReady.isEmpty()
                                ? new Answer(200, TEXT, "ready\n")
                                : new Answer(503, TEXT, notReady.get() + '\n'));
            }
            case "/metrics" -> Optional.of(new Answer(200, PROMETHEUS, metrics.get()));
            default -> Optional.empty();
        };
    }

    @Override
    public void handle(Exchange exchange) {
        RequestHead head = exchange.head();
        boolean reads = head.method().equals("GET") || head.method().equals("HEAD");
        int query = head.target().indexOf('?');
        String path = query < 0 ? head.target() : head.target().substring(0, query);
        Answer answer = reads
                ? at(path).orElse(new Answer(404, TEXT, "there is nothing here\n"))
                : new Answer(405, TEXT, "this takes GET\n");
        Headers headers = new Headers.Builder()
                .add("Cache-Control", "no-store")
                .add("Content-Type", answer.type())
                .build();
        ByteBuffer body = StandardCharsets.UTF_8.encode(answer.text());
        try {
            if (head.method().equals("HEAD")) {
                exchange.respondHead(new ResponseHead(answer.status(), headers), body.remaining());
            } else {
                exchange.respond(new ResponseHead(answer.status(), headers), body);
            }
        } catch (IOException e) {
            LOG.debug("an answer about health broke off", e);
        }
    }
}
