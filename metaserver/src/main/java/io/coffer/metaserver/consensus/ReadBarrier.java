package io.coffer.metaserver.consensus;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets many reads share one check that this server may answer. A check covers the reads that were waiting when it began, as what
 * was acknowledged before it began is in the state once it succeeds; reads that arrive while one is under way share the next.
 *
 * <p>Thread-safe. Continuations of the futures run on whichever thread ends the check, and on the caller's when that is at once.
 */
final class ReadBarrier {
    private final Supplier<CompletableFuture<Void>> check;
    private final ReentrantLock lock = new ReentrantLock();

    private boolean checking;
    private @Nullable CompletableFuture<Void> waiting;

    /** @param check begins a check; never throws */
    ReadBarrier(Supplier<CompletableFuture<Void>> check) {
        this.check = check;
    }

    /** Completes when a read that the caller began before this call may be answered; fails as the check did. */
    CompletableFuture<Void> pass() {
        lock.lock();
        try {
            if (checking) {
                CompletableFuture<Void> next = waiting;
                if (next == null) {
                    next = new CompletableFuture<>();
                    waiting = next;
                }
                return next;
            }
            checking = true;
        } finally {
            lock.unlock();
        }
        return begin();
    }

    private CompletableFuture<Void> begin() {
        CompletableFuture<Void> result = check.get();
        if (result.isDone()) {
            ended();
            return result;
        }
        return result.whenComplete((done, failure) -> ended());
    }

    private void ended() {
        CompletableFuture<Void> next;
        lock.lock();
        try {
            next = waiting;
            waiting = null;
            checking = next != null;
        } finally {
            lock.unlock();
        }
        if (next != null) {
            begin().whenComplete((done, failure) -> {
                if (failure == null) {
                    next.complete(null);
                } else {
                    next.completeExceptionally(failure);
                }
            });
        }
    }
}
