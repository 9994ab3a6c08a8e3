package io.coffer.metaserver.background;

import java.time.Duration;

/** The bounds of background work: what one step may do, and how soon the next one comes. */
final class Limits {
    /** The age from which on the rules refuse to commit an extent. */
    static final Duration COMMIT_LIMIT = io.coffer.metaserver.model.Limits.COMMIT_LIMIT;

    /** How long a step waits for one answer of a group. */
    static final Duration CALL_TIMEOUT = Duration.ofSeconds(15);

    /** Extents deleted by one step of the reclaimer: some hundred milliseconds on healthy disks. */
    static final int RECLAIMED_PER_STEP = 256;

    /** Extents whose members don't answer and that wait for another try; more are left to the orphan collector. */
    static final int POSTPONED_EXTENTS = 4096;

    /** When a postponed extent is tried again. */
    static final Duration POSTPONED_FOR = Duration.ofMinutes(10);

    /** Part rows released by one command. */
    static final int RELEASED_PER_STEP = 1000;

    /** Chunks compared by one step of the orphan collector. */
    static final int COMPARED_PER_STEP = 1000;

    /** Buckets looked at by one step of the finisher. */
    static final int BUCKETS_PER_STEP = 1000;

    /** Buckets that are on their way, remembered to tell how long. */
    static final int BUCKETS_ON_THEIR_WAY = 10_000;

    /** A bucket on its way for longer was left behind by its gateway. */
    static final Duration BUCKET_LEFT_BEHIND = Duration.ofMinutes(1);

    /** A change of free space that is worth a command, as a fraction of the disk: one part in so many. */
    static final long REPORTED_FRACTION = 200;

    /** Volumes made for one policy at one start, at most: a host has some dozen disks. */
    static final int VOLUMES_PER_START = 256;

    /** Nodes whose heartbeats are remembered. */
    static final int NODES = 20_000;

    /** A node that sent no heartbeat for this long is not there. */
    static final Duration DOWN_AFTER = Duration.ofSeconds(5);

    /** A disk that its node doesn't name for this long, while it names others, is not there any more. */
    static final Duration DISK_GONE_AFTER = Duration.ofSeconds(30);

    /** A disk that is written to is reported this often, however little it changes. */
    static final Duration SEQUENCE_REPORTED_EVERY = Duration.ofSeconds(60);

    /** Volumes made for one policy by one step. */
    static final int VOLUMES_PER_STEP = 32;

    /** Members replaced by one step. */
    static final int MOVES_PER_STEP = 32;

    /** Members that one disk fills from the start at one time: more would only share its bandwidth, and be exposed for longer. */
    static final int FILLING_PER_DISK = 2;

    /** Deletes in one command of a lifecycle scan: one to two milliseconds of a group's time, which is all that a request waits for it. */
    static final int REMOVED_PER_STEP = 100;

    /** Uploads aborted by one step of a lifecycle scan, by a command each. */
    static final int ABORTED_PER_STEP = 10;

    /** Lifecycle scans that take turns; each keeps a page. */
    static final int LIFECYCLE_SCANS = 4;

    /** Finished lifecycle scans remembered, about a hundred bytes each. */
    static final int LIFECYCLE_PASSES = 100_000;

    /** Versions that one step of a purge looks at, one to two milliseconds of a group's time: with the pause behind it, 5,000 in a second at most. */
    static final int PURGED_PER_STEP = 100;

    /** How often a purge is noted and logged while it goes on. */
    static final Duration PURGE_NOTED_EVERY = Duration.ofSeconds(10);

    private Limits() {}
}
