package io.coffer.metaserver.rpc;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Bounds what is being worked on. Thread-safe. */
final class Admission {
    private final int maxCalls;
    private final long maxBytes;
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    Admission(int maxCalls, long maxBytes) {
        this.maxCalls = maxCalls;
        this.maxBytes = maxBytes;
    }

    /** Whether a call may begin; then {@link #leave} follows. */
    boolean enter(int size) {
        boolean admitted = calls.incrementAndGet() <= maxCalls;
        admitted &= bytes.addAndGet(size) <= maxBytes;
        if (!admitted) {
            leave(size);
        }
        return admitted;
    }

    void leave(int size) {
        calls.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
