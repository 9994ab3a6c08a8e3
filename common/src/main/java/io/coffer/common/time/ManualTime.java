package io.coffer.common.time;

import java.time.Duration;

/** A clock and ticker that move when told: for tests and simulations. Thread-safe. */
public final class ManualTime implements WallClock, Ticker {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private long wallNanosBehindMillis;
    private long wallMillis;
    private long nanos;

    public ManualTime(long wallMillis) {
        this.wallMillis = wallMillis;
    }

    @Override
    public synchronized long millis() {
        return wallMillis;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    /** Lets time pass, for both. */
    public synchronized void advance(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("time goes forward only: " + duration);
        }
        nanos += duration.toNanos();
        long behind = wallNanosBehindMillis + duration.toNanos();
        wallMillis += behind / NANOS_PER_MILLI;
        wallNanosBehindMillis = behind % NANOS_PER_MILLI;
    }

    /** Lets the clock on the wall jump, in either direction; the ticker stays. */
    public synchronized void setWallMillis(long millis) {
        wallMillis = millis;
        wallNanosBehindMillis = 0;
    }
}
