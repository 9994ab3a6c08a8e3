package io.coffer.common.time;

import java.time.Duration;

/** A point in a ticker's time by which something must be done. */
public final class Deadline {
    /** Farther away is as good as never, and can't overflow. */
    private static final long FARTHEST_NANOS = Long.MAX_VALUE / 4;

    private final Ticker ticker;
    private final long atNanos;

    private Deadline(Ticker ticker, long atNanos) {
        this.ticker = ticker;
        this.atNanos = atNanos;
    }

    public static Deadline after(Ticker ticker, Duration duration) {
        return new Deadline(ticker, ticker.nanos() + clamped(duration));
    }

    private static long clamped(Duration duration) {
        if (duration.isNegative()) {
            return 0;
        }
        return duration.compareTo(Duration.ofNanos(FARTHEST_NANOS)) < 0 ? duration.toNanos() : FARTHEST_NANOS;
    }

    /** Zero once it has passed. */
    public long remainingNanos() {
        return Math.max(0, atNanos - ticker.nanos());
    }

    public Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    public boolean isExpired() {
        return atNanos - ticker.nanos() <= 0;
    }

    /** This one or the one so far from now, whichever comes first: what a step of a larger task may take. */
    public Deadline atMost(Duration fromNow) {
        Deadline other = after(ticker, fromNow);
        return other.atNanos - atNanos < 0 ? other : this;
    }

    @Override
    public String toString() {
        return "in " + remaining();
    }
}
