package io.coffer.metaserver.rpc;

import java.time.Duration;

/** The bounds of this package. */
final class Limits {
    /** Calls that are being worked on, whoever asked: more are turned away. */
    static final int CALLS = 16_384;

    /** Bytes of the same. */
    static final long CALL_BYTES = 128L << 20;

    /** Calls of one message that are answered before another message is read. */
    static final int CALLS_AT_ONCE = 64;

    /** Processes that watch the cluster map here. */
    static final int WATCHES = 10_000;

    /** Changes of the map that are kept for watchers: minutes of a busy cluster's. Who is further behind gets the whole map. */
    static final int KEPT_CHANGES = 4096;

    /** Bytes of the same. */
    static final long KEPT_CHANGE_BYTES = 16L << 20;

    /** How often a watcher hears that nothing has changed. */
    static final Duration STILL_THERE = Duration.ofSeconds(1);

    /** A watcher that takes nothing for this long is dropped. */
    static final Duration WATCHER_PATIENCE = Duration.ofSeconds(30);

    /** How long a connection's handshake may take. */
    static final Duration HANDSHAKE = Duration.ofSeconds(5);

    /** How long a connection lasts without calls. */
    static final Duration IDLE = Duration.ofMinutes(5);

    /** How long what is under way may take when the server closes. */
    static final Duration GRACE = Duration.ofSeconds(2);

    /** How long one metaserver waits for another. */
    static final Duration PEER_CALL = Duration.ofSeconds(3);

    /** The same for a change of members, which includes that the new one catches up; afterwards it goes on by itself. */
    static final Duration MEMBERS_CHANGE = Duration.ofSeconds(60);

    private Limits() {}
}
