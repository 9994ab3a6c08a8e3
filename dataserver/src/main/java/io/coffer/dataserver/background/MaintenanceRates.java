package io.coffer.dataserver.background;

import java.time.Duration;

/**
 * How much a disk may be used for its own upkeep.
 *
 * @param compactBytesPerSecond of records moved
 * @param scrubPeriod in which everything is read once
 * @param maxScrubBytesPerSecond a disk too large for the period takes longer
 */
public record MaintenanceRates(long compactBytesPerSecond, Duration scrubPeriod, long maxScrubBytesPerSecond) {
    public static final MaintenanceRates DEFAULT = new MaintenanceRates(64L << 20, Duration.ofDays(14), 64L << 20);

    public MaintenanceRates {
        if (compactBytesPerSecond < 1 || maxScrubBytesPerSecond < 1 || scrubPeriod.toSeconds() < 1) {
            throw new IllegalArgumentException("upkeep needs some bytes per second and a period");
        }
    }

    /** What reads so many bytes once per period. */
    long scrubBytesPerSecond(long bytes) {
        return Math.clamp(bytes / scrubPeriod.toSeconds() + 1, 1, maxScrubBytesPerSecond);
    }
}
