package io.coffer.common.lifecycle;

import java.time.Duration;

/**
 * How long the days of rules are: days, but in tests. What is counted in days ends at a midnight, the first after the days have
 * passed.
 *
 * @param millis of one day; midnights are its multiples since 1970
 */
public record LifecycleDay(long millis) {
    public static final LifecycleDay REAL = new LifecycleDay(Duration.ofDays(1).toMillis());

    public LifecycleDay {
        if (millis <= 0) {
            throw new IllegalArgumentException("a day of " + millis + " ms");
        }
    }

    /** The end of a number of days from a moment on. */
    public long after(long sinceMillis, int days) {
        return (Math.floorDiv(sinceMillis, millis) + days + 1) * millis;
    }

    /** The number of the day that a moment is in. */
    public long of(long nowMillis) {
        return Math.floorDiv(nowMillis, millis);
    }
}
