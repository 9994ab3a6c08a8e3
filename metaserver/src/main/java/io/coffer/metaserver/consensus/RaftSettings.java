package io.coffer.metaserver.consensus;

import java.time.Duration;

/**
 * What an operator or a measurement may turn; everything else is a constant in {@code RatisProperties} or {@code Limits}. The
 * figures behind the defaults are in {@code docs/decisions} under "Raft settings".
 *
 * @param electionTimeoutMin a follower that hears nothing for this long may call an election; also bounds the lease
 * @param electionTimeoutMax upper end of the random election timeout
 * @param leaseReads whether a leader of several peers answers reads under its lease, without asking a majority each time
 * @param segmentBytes length at which a log segment is closed; segments are what a purge deletes and what memory caches
 * @param preallocatedBytes zeros written ahead of the log's end, so that most log syncs don't have to grow the file
 * @param checkpointLogBytes log bytes after which a checkpoint is taken and the log before it purged; bounds replay
 * @param checkpointCommands the same, in commands
 * @param keptEntries entries kept behind the last checkpoint where there are followers, so that one that was away for a moment
 *     needs no snapshot
 */
public record RaftSettings(
        Duration electionTimeoutMin,
        Duration electionTimeoutMax,
        boolean leaseReads,
        long segmentBytes,
        long preallocatedBytes,
        long checkpointLogBytes,
        long checkpointCommands,
        long keptEntries) {
    public static final RaftSettings DEFAULTS = new RaftSettings(
            Duration.ofMillis(700), Duration.ofMillis(1400), true, 16L << 20, 4L << 20, 128L << 20, 200_000, 4096);

    public RaftSettings {
        if (electionTimeoutMin.compareTo(electionTimeoutMax) >= 0 || electionTimeoutMin.isNegative()) {
            throw new IllegalArgumentException(
                    "election timeout from " + electionTimeoutMin + " to " + electionTimeoutMax);
        }
        if (preallocatedBytes < 1 || preallocatedBytes > segmentBytes) {
            throw new IllegalArgumentException(
                    "log segments of " + segmentBytes + " bytes, " + preallocatedBytes + " preallocated");
        }
        if (checkpointLogBytes < 1 || checkpointCommands < 1) {
            throw new IllegalArgumentException(
                    "checkpoint after " + checkpointLogBytes + " bytes or " + checkpointCommands + " commands");
        }
    }
}
