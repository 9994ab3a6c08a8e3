package io.coffer.common.metadata.remote;

import java.time.Duration;

/** The bounds of this package. */
final class Limits {
    /** A connection that owes an answer and was silent for this long is asked whether it is alive. */
    static final Duration SILENCE = Duration.ofMillis(500);

    /** If it isn't within this, its calls go elsewhere: together well below the time that an election takes twice. */
    static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

    /** How often silence is looked for. */
    static final Duration TICK = Duration.ofMillis(250);

    /** Before a server that failed is tried again. */
    static final Duration FIRST_BACKOFF = Duration.ofMillis(50);

    static final Duration LONGEST_BACKOFF = Duration.ofMillis(500);

    /** Before a call that found no leader anywhere asks everybody again. */
    static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    static final Duration LONGEST_PAUSE = Duration.ofMillis(200);

    /** A watch that hears nothing for this long asks another server; servers say every second that they are there. */
    static final Duration WATCH_SILENCE = Duration.ofSeconds(4);

    /** Messages of a watch that wait to be taken. */
    static final int WATCH_WINDOW = 8;

    /** Between two heartbeats. */
    static final Duration HEARTBEAT_PERIOD = Duration.ofSeconds(1);

    /** How long a process that starts waits for the cluster's time before it goes on with its own. */
    static final Duration CLOCK_PATIENCE = Duration.ofSeconds(5);

    /** An answer that is longer isn't decoded on the thread that reads it. */
    static final int SHORT_ANSWER_BYTES = 32 << 10;

    private Limits() {}
}
