package io.coffer.metaserver.consensus;

/**
 * A member of a group in figures, for metrics.
 *
 * @param members of the group, by its own log as far as it is here
 * @param term the newest that it has seen
 * @param lastEntry of the log here, committed or not
 * @param committed the last entry here that is known to be committed
 * @param followerLag on the leader: how many entries the follower that is furthest behind lacks, or 0; on others 0
 * @param logEntries that the log here still holds
 * @param checkpointLag entries that were applied here since the newest checkpoint
 * @param checkpointSeconds since the newest checkpoint, or since the start if none was taken since
 */
public record RaftFigures(
        int members,
        long term,
        long lastEntry,
        long committed,
        long followerLag,
        long logEntries,
        long checkpointLag,
        double checkpointSeconds) {}
