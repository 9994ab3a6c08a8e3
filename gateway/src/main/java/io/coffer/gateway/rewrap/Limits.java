package io.coffer.gateway.rewrap;

import java.time.Duration;

/** The bounds of rewrapping. */
final class Limits {
    /** Rewraps that the document keeps: the oldest finished one makes room. */
    static final int MAX_REWRAPS = 100;

    /** Changes of the document that may come in between. */
    static final int MAX_ATTEMPTS = 8;

    /** How often the driver notes how far it is, and so how much a successor does again. */
    static final Duration NOTE_PERIOD = Duration.ofSeconds(2);

    /** How long a driver may be silent: above what one step takes while a metadata group has no leader. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** How often a gateway looks whether there is something to do, or whether a driver is silent. */
    static final Duration LOOK_PERIOD = Duration.ofSeconds(10);

    /** Before the groups are listed for the last time: above the age of what gateways recall of the key store. */
    static final Duration SETTLING = Duration.ofSeconds(2);

    /** Before a step that failed is tried again. */
    static final Duration RETRY_PAUSE = Duration.ofSeconds(10);

    /** Before a pass that follows one which replaced nothing of what it found. */
    static final Duration FRUITLESS_PAUSE = Duration.ofMinutes(1);

    /** Passes that replace nothing until somebody must look: above what removed versions wait for their readers, which is 15 minutes. */
    static final int MAX_FRUITLESS = 20;

    /** Pages per second at most, each of at most {@link io.coffer.common.metadata.BucketQuery#MAX_PAGE} rows. */
    static final int PAGES_PER_SECOND = 20;

    private Limits() {}
}
