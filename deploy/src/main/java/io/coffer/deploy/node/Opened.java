package io.coffer.deploy.node;

import io.coffer.gateway.http.HttpServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The parts of a process in the order in which they were opened; they are closed in the opposite one. Not thread-safe. */
final class Opened implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    /** How long requests in flight may take to end. */
    private static final Duration DRAIN_TIMEOUT = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    <T extends AutoCloseable> T add(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable last = parts.pop();
            try {
                if (last instanceof HttpServer server) {
                    server.close(DRAIN_TIMEOUT);
                } else {
                    last.close();
                }
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly", last.getClass().getSimpleName(), e);
            }
        }
    }
}
