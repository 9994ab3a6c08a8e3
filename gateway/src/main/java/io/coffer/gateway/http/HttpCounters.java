package io.coffer.gateway.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/** What a server is doing, for metrics. Thread-safe. */
public final class HttpCounters {
    final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    final LongAdder accepted = new LongAdder();
    final LongAdder refused = new LongAdder();
    final LongAdder started = new LongAdder();
    final LongAdder faults = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder received = new LongAdder();
    final LongAdder sent = new LongAdder();

    HttpCounters() {}

    public int openConnections() {
        return connections.get();
    }

    public int requestsInFlight() {
        return requests.get();
    }

    /** Connections accepted since the start. */
    public long connectionsAccepted() {
        return accepted.sum();
    }

    /** Connections turned away because there were too many. */
    public long connectionsRefused() {
        return refused.sum();
    }

    /** Requests handed to the handler since the start. */
    public long requestsStarted() {
        return started.sum();
    }

    /** Requests the server refused by itself. */
    public long faults() {
        return faults.sum();
    }

    /** Connections closed because the client was too slow. */
    public long timeouts() {
        return timeouts.sum();
    }

    /** Bytes of HTTP, heads and framing included, TLS not. */
    public long bytesReceived() {
        return received.sum();
    }

    public long bytesSent() {
        return sent.sum();
    }
}
