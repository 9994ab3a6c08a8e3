package io.coffer.gateway.object;

import java.util.concurrent.atomic.AtomicLong;

/** The bound on copies of bytes that are kept until they are durable, over all requests. Thread-safe. */
final class KeptBytes {
    /** Of one extent: what is longer has no second try once it is under way. */
    static final int PER_EXTENT = 1 << 20;

    /** Of all: 64 extents. Beyond, a write that loses a member goes on without it. */
    private static final long TOTAL = 64L << 20;

    private final AtomicLong free = new AtomicLong(TOTAL);

    boolean tryReserve(int bytes) {
        if (free.addAndGet(-bytes) >= 0) {
            return true;
        }
        free.addAndGet(bytes);
        return false;
    }

    void release(int bytes) {
        free.addAndGet(bytes);
    }
}
