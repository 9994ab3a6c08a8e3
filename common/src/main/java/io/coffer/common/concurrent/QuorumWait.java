package io.coffer.common.concurrent;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Waits until enough of several things under way have succeeded, or until they can't any more. Nothing is cancelled: the
 * others go on, and their owner still sees how they end.
 */
public final class QuorumWait<T> {
    private final int of;
    private final int needed;
    private final CompletableFuture<Quorum<T>> result = new CompletableFuture<>();

    // Guarded by this.
    private final Map<Integer, T> successes = new TreeMap<>();
    private final Map<Integer, Throwable> failures = new TreeMap<>();

    /** How things stood when the quorum was reached, by position; the positions in neither map were still under way. */
    public record Quorum<T>(Map<Integer, T> successes, Map<Integer, Throwable> failures) {}

    private QuorumWait(int of, int needed) {
        this.of = of;
        this.needed = needed;
    }

    /**
     * @return completes, in the thread that completes the deciding one, with {@link Quorum} or fails with
     *     {@link QuorumFailedException}
     */
    public static <T> CompletableFuture<Quorum<T>> on(List<? extends CompletionStage<T>> underWay, int needed) {
        if (needed < 1 || needed > underWay.size()) {
            throw new IllegalArgumentException(needed + " of " + underWay.size());
        }
        QuorumWait<T> wait = new QuorumWait<>(underWay.size(), needed);
        for (int i = 0; i < underWay.size(); i++) {
            int position = i;
            underWay.get(i).whenComplete((value, failure) -> wait.ended(position, value, failure));
        }
        return wait.result;
    }

    private void ended(int position, T value, @Nullable Throwable failure) {
        Quorum<T> reached = null;
        QuorumFailedException missed = null;
        synchronized (this) {
            if (failure == null) {
                successes.put(position, value);
            } else {
                failures.put(
                        position,
                        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure);
            }
            if (failure == null && successes.size() == needed) {
                reached = new Quorum<>(copy(successes), copy(failures));
            } else if (failure != null && failures.size() == of - needed + 1) {
                missed = new QuorumFailedException(needed, of, copy(failures));
            }
        }
        if (reached != null) {
            result.complete(reached);
        } else if (missed != null) {
            result.completeExceptionally(missed);
        }
    }

    /** Keeps the order, and a null for those that have nothing to say. */
    private static <V> Map<Integer, V> copy(Map<Integer, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }
}
