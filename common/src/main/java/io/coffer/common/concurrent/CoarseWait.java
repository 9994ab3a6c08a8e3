package io.coffer.common.concurrent;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for futures with deadlines that are seconds away and may be kept a little late. The JDK's own timed wait, on a virtual thread,
 * wakes a timer thread when it begins and again when it is over, which costs as much as the rest of a small request's waiting; here
 * one thread looks at all waits a few times per second. Thread-safe.
 */
public final class CoarseWait {
    /** How late a wait may end. */
    static final Duration TICK = Duration.ofMillis(100);

    /** Shorter waits are the JDK's, which are exact. */
    static final Duration EXACT = Duration.ofSeconds(1);

    private static final Set<Wait<?>> WAITS = ConcurrentHashMap.newKeySet();

    static {
        new NamedThreads("coarse-wait").newThread(CoarseWait::watch).start();
    }

    private static final class Late extends Exception {
        private static final long serialVersionUID = 1;
    }

    /** Lasts until the outcome is there or somebody ends it. */
    private static final class Wait<T> {
        private final CompletableFuture<T> future;
        private final CompletableFuture<T> outcome;
        private final long deadlineNanos;

        Wait(CompletableFuture<T> future, long nanos) {
            this.future = future;
            // A copy, as the future is its maker's to complete.
            this.outcome = future.copy();
            this.deadlineNanos = System.nanoTime() + nanos;
        }

        T get() throws InterruptedException, ExecutionException, TimeoutException {
            try {
                return outcome.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof Late) {
                    throw new TimeoutException();
                }
                throw e;
            }
        }

        void expire(long now) {
            if (deadlineNanos - now <= 0) {
                outcome.completeExceptionally(new Late());
            }
        }
    }

    private CoarseWait() {}

    /**
     * As {@link CompletableFuture#get(long, TimeUnit)}, but it may give up a tenth of a second late.
     *
     * @throws ExecutionException with the future's failure
     * @throws TimeoutException the future isn't complete in time; it isn't touched
     */
    public static <T> T get(CompletableFuture<T> future, long nanos)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (nanos < EXACT.toNanos() || future.isDone()) {
            return future.get(nanos, TimeUnit.NANOSECONDS);
        }
        Wait<T> wait = new Wait<>(future, nanos);
        WAITS.add(wait);
        try {
            return wait.get();
        } finally {
            WAITS.remove(wait);
        }
    }

    /** Whether somebody waits for this future here. */
    @SuppressWarnings("ReferenceEquality") // futures have no other
    static boolean isAwaited(CompletableFuture<?> future) {
        return WAITS.stream().anyMatch(wait -> wait.future == future);
    }

    private static void watch() {
        while (true) {
            LockSupport.parkNanos(TICK.toNanos());
            long now = System.nanoTime();
            WAITS.forEach(wait -> wait.expire(now));
        }
    }
}
