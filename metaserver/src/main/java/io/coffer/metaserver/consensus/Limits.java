package io.coffer.metaserver.consensus;

import java.time.Duration;

/** The bounds of this package. */
final class Limits {
    /** Bytes of one log entry: Ratis refuses more. The largest command, a completion of 10,000 parts, is a third of it. */
    static final int ENTRY_BYTES = 4 << 20;

    /** Bytes beside the batch in an entry: ids, term, index, framing. */
    static final int ENTRY_OVERHEAD_BYTES = 1024;

    /** Entries proposed and not yet applied, per group: far above what the batcher keeps in flight. */
    static final int PENDING_ENTRIES = 256;

    /** Bytes of the same; the memory a stalled disk can cost. */
    static final long PENDING_BYTES = 32L << 20;

    /** Closed segments whose entries stay in memory, per group. Followers close behind are served from there. */
    static final int CACHED_SEGMENTS = 1;

    /** Checkpoints kept: the newest, and where there are followers the one before it, which one may be reading. */
    static final int CHECKPOINTS_ALONE = 1;

    static final int CHECKPOINTS_WITH_FOLLOWERS = 2;

    /** How long a read waits for the leadership check of its batch. */
    static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    /** How long Ratis may take to acknowledge a checkpoint that is already on disk. */
    static final Duration PURGE_TIMEOUT = Duration.ofSeconds(60);

    /** A member that lacks no more than this has caught up: a second's entries under load. */
    static final long CLOSE_BEHIND_ENTRIES = 1000;

    /** A member that hasn't answered for this long can't be reached. */
    static final Duration SILENT_FOLLOWER = Duration.ofSeconds(2);

    /** How often a group that stopped on a full disk looks whether there is room again. */
    static final Duration ROOM_CHECKS = Duration.ofSeconds(2);

    /** How long a division that closes itself may take to begin with it. */
    static final Duration CLOSING_ITSELF = Duration.ofSeconds(10);

    static final Duration CLOSING_CHECKS = Duration.ofMillis(5);

    private Limits() {}
}
