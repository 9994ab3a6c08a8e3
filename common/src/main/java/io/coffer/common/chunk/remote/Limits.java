package io.coffer.common.chunk.remote;

import java.time.Duration;

/** The bounds of the client. */
final class Limits {
    /** Requests that carry more go over the connections for bulk, so that short ones needn't queue behind them. */
    static final long MAX_SMALL_BYTES = 64 << 10;

    /** Bytes of one connection handed to Netty and not yet to the kernel; who has more waits. */
    static final int MAX_OUTBOUND_BYTES = 4 << 20;

    /** Fewer written bytes than this wait for company before they are flushed. */
    static final int FLUSH_BYTES = 64 << 10;

    /** How often a connection asks whether its peer lives, and looks for streams whose time is up. */
    static final Duration TICK = Duration.ofMillis(500);

    /** A peer of which nothing is heard for so long is taken for dead: four missed answers. */
    static final Duration SILENCE = Duration.ofSeconds(2);

    /** From the first packet to the welcome of a peer that may just be starting, and busy. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

    /** After a failed connect; twice as long after each more, up to the greatest. */
    static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    static final Duration MAX_BACKOFF = Duration.ofSeconds(1);

    /** Files of a dataserver on this host that are kept open. */
    static final int MAX_LOCAL_FILES = 256;

    /** They are closed when they weren't read for this long: a disk can be unmounted soon after its last read. */
    static final Duration IDLE_LOCAL_FILE = Duration.ofSeconds(5);

    /** Chunks of one dataserver on this host whose places are remembered: 4 KiB each at most. */
    static final int MAX_LOCAL_PLACES = 4096;

    /** Before a dataserver's files are tried again after they could not be opened. */
    static final Duration LOCAL_RETRY = Duration.ofMinutes(1);

    private Limits() {}
}
