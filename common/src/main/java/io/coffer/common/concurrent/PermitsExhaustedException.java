package io.coffer.common.concurrent;

/** What was asked for didn't come free in time. Ends as {@code SlowDown}. */
public final class PermitsExhaustedException extends Exception {
    private static final long serialVersionUID = 1L;

    PermitsExhaustedException(String of, long wanted, long total) {
        super("no " + wanted + " of " + total + " " + of + " free");
    }
}
