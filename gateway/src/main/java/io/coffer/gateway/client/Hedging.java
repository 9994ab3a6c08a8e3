package io.coffer.gateway.client;

import java.time.Duration;

/**
 * When to ask another copy for what one hasn't answered yet: after what 95 of 100 reads took lately, and for no more than 5 of 100 reads,
 * so that slowness of all is not answered with more work for all. Thread-safe.
 */
public final class Hedging {
    private static final double QUANTILE = 0.95;

    /** How much one read changes the estimate. */
    private static final double STEP = 0.04;

    /** Below, a hedge would mostly overtake luck. */
    static final Duration SHORTEST = Duration.ofMillis(2);

    /** Above, a client would notice. */
    static final Duration LONGEST = Duration.ofMillis(150);

    /** Hedges per read. */
    static final double SHARE = 0.05;

    /** Hedges saved up while none were needed: when a node freezes, the reads under way there are all hedged at once. */
    static final double MAX_SAVED = 64;

    private double estimateNanos = Duration.ofMillis(20).toNanos();
    private double saved = MAX_SAVED;
    private long hedges;

    /** Notes how long a read took that wasn't given up. */
    public synchronized void took(long nanos) {
        estimateNanos += estimateNanos * STEP * (nanos > estimateNanos ? QUANTILE : QUANTILE - 1);
        estimateNanos = Math.clamp(estimateNanos, SHORTEST.toNanos() / 2.0, LONGEST.toNanos());
        saved = Math.min(MAX_SAVED, saved + SHARE);
    }

    /** How long to wait for an answer before another copy is asked. */
    public synchronized Duration delay() {
        return Duration.ofNanos(Math.clamp((long) estimateNanos, SHORTEST.toNanos(), LONGEST.toNanos()));
    }

    /** Whether another copy may be asked. */
    public synchronized boolean tryHedge() {
        if (saved < 1) {
            return false;
        }
        saved--;
        hedges++;
        return true;
    }

    /** Since the start. */
    public synchronized long hedges() {
        return hedges;
    }
}
