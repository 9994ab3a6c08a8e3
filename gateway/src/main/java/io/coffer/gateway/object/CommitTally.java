package io.coffer.gateway.object;

import java.time.Duration;

/** Counts the members that have answered a commit. Waits for all of them, but not for long once there are enough. Thread-safe. */
final class CommitTally {
    private final int needed;
    private int pending;
    private int succeeded;

    /**
     * @param pending commits that are on their way
     * @param needed of them to succeed
     */
    CommitTally(int pending, int needed) {
        this.pending = pending;
        this.needed = needed;
    }

    synchronized void settled(boolean success) {
        pending--;
        succeeded += success ? 1 : 0;
        notifyAll();
    }

    /**
     * Returns when all have answered, when enough have and the others had {@code grace} more, when enough can't any more, or after
     * {@code timeout}.
     */
    synchronized void await(Duration timeout, Duration grace) throws InterruptedException {
        long now = System.nanoTime();
        long deadline = now + timeout.toNanos();
        boolean enough = false;
        while (pending > 0 && succeeded + pending >= needed && deadline - now > 0) {
            if (!enough && succeeded >= needed) {
                enough = true;
                deadline = Math.min(deadline, now + grace.toNanos());
            }
            wait(Math.max(1, Duration.ofNanos(deadline - now).toMillis()));
            now = System.nanoTime();
        }
    }
}
