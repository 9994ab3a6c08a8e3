package io.coffer.metaserver.state;

/**
 * The time by which retentions end. Clocks of hosts can be set, and a retention must not end because one was: this clock goes on as far as
 * the leader's monotonic clock says that time has passed, and never ahead of the time of day. What passes while no leader watches (the
 * group is off, or changes its leader) isn't counted at once; the clock makes up for it slowly, by a fiftieth of the time that is watched, a week
 * in a year. So it may be late, which retains longer, and isn't early.
 */
public final class LockClock {
    private static final long CATCH_UP_PART = 50;

    private LockClock() {}

    /**
     * Its time after a batch, microseconds since 1970.
     *
     * @param before its time before; negative if it has none yet
     * @param stampMicros the batch's time of day
     * @param elapsedMicros what the leader watched since its last batch, 0 if that was in another term
     */
    public static long after(long before, long stampMicros, long elapsedMicros) {
        if (before < 0) {
            return stampMicros;
        }
        long watched = Math.max(0, elapsedMicros);
        return Math.max(before, Math.min(stampMicros, before + watched + watched / CATCH_UP_PART));
    }
}
