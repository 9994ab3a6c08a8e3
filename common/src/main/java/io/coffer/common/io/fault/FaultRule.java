package io.coffer.common.io.fault;

import java.util.function.Predicate;

/** A fault and when it happens; made by {@link FaultyFileSystem#inject}. Thread-safe. */
public final class FaultRule {
    private final Predicate<Attempt> when;
    private final Fault fault;
    private long skip;
    private long left = Long.MAX_VALUE;
    private long fired;

    FaultRule(Predicate<Attempt> when, Fault fault) {
        this.when = when;
        this.fault = fault;
    }

    /** Lets the next {@code count} matching calls pass. */
    public synchronized FaultRule after(long count) {
        skip = count;
        return this;
    }

    /** Happens so many times more, then never again. */
    public synchronized FaultRule times(long count) {
        left = count;
        return this;
    }

    public synchronized void stop() {
        left = 0;
    }

    /** How often it happened. */
    public synchronized long fired() {
        return fired;
    }

    Fault fault() {
        return fault;
    }

    synchronized boolean fires(Attempt attempt) {
        if (left == 0 || !when.test(attempt)) {
            return false;
        }
        if (skip > 0) {
            skip--;
            return false;
        }
        left--;
        fired++;
        return true;
    }
}
