package io.coffer.common.metadata.remote;

import java.util.concurrent.atomic.AtomicLong;

/** The latest time of any group, as far as metaservers have told of it with their answers. Thread-safe. */
final class GroupTime {
    private final AtomicLong latest = new AtomicLong();

    /** @param millis since 1970; 0 from a metaserver that says nothing of it */
    void told(long millis) {
        // Many messages tell the same.
        if (millis > latest.get()) {
            latest.accumulateAndGet(millis, Math::max);
        }
    }

    long millis() {
        return latest.get();
    }
}
