package io.coffer.metaserver.background;

import io.coffer.common.lifecycle.LifecycleDay;
import java.time.Duration;

/**
 * How fast lifecycle rules are applied.
 *
 * @param look between looks for buckets whose rules may have something to do
 * @param removalsPerSecond by this server, whatever it leads
 * @param day as long as days of rules are; anything but a day is for tests
 */
public record LifecyclePace(Duration look, int removalsPerSecond, LifecycleDay day) {
    public static final LifecyclePace DEFAULT = new LifecyclePace(Duration.ofMinutes(1), 1000, LifecycleDay.REAL);

    public LifecyclePace {
        if (look.isNegative() || look.isZero() || removalsPerSecond < 1) {
            throw new IllegalArgumentException("nothing would be removed");
        }
    }

    /** Between two steps of a scan, each of which removes {@link Limits#REMOVED_PER_STEP} at most. */
    Duration busyPause() {
        return Duration.ofSeconds(1).multipliedBy(Limits.REMOVED_PER_STEP).dividedBy(removalsPerSecond);
    }
}
