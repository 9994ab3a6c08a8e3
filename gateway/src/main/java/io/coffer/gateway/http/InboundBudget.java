package io.coffer.gateway.http;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shares the memory for request bodies that wait for their handlers among the connections: few get much each, many get little.
 * Thread-safe.
 */
final class InboundBudget {
    /** Enough to make progress; two buffers of a socket read. */
    private static final int MIN_ALLOWANCE_BYTES = 16 * 1024;

    private final HttpLimits.Body limits;
    private final AtomicLong held = new AtomicLong();
    private final AtomicInteger bodies = new AtomicInteger();

    InboundBudget(HttpLimits.Body limits) {
        this.limits = limits;
    }

    void bodyBegins() {
        bodies.incrementAndGet();
    }

    void bodyEnds() {
        bodies.decrementAndGet();
    }

    void take(int bytes) {
        held.addAndGet(bytes);
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }

    long held() {
        return held.get();
    }

    /** How much one body may hold now. */
    int allowance() {
        long share = limits.bytesTotal() / Math.max(1, bodies.get());
        return Math.clamp(share, MIN_ALLOWANCE_BYTES, limits.bytesPerConnection());
    }

    /**
     * Whether nobody may hold more: Netty reads on by itself when a client has closed its side, whatever the allowance.
     */
    boolean exhausted() {
        return held.get() > limits.bytesTotal();
    }
}
