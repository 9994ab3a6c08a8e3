package io.coffer.it.history;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What all clients of a test did and saw. Thread-safe. */
final class History {
    private final Queue<KeyOperation> operations = new ConcurrentLinkedQueue<>();

    /** The ETag of each value that some client knows of, to use in conditions. */
    private final Map<String, String> etags = new ConcurrentHashMap<>();

    private final AtomicInteger values = new AtomicInteger();
    private final AtomicInteger unanswered = new AtomicInteger();

    /** Why the last request that got no answer got none. */
    private volatile @Nullable Exception lastFailure;

    /** A value that was never written before, of this length. */
    String newValue(int client, int length) {
        return client + "." + values.getAndIncrement() + "." + length;
    }

    void add(KeyOperation operation) {
        operations.add(operation);
    }

    void addUnanswered(Exception why) {
        unanswered.incrementAndGet();
        lastFailure = why;
    }

    void learn(String value, String etag) {
        etags.put(value, etag);
    }

    @Nullable
    String etagOf(String value) {
        return etags.get(value);
    }

    List<KeyOperation> operations() {
        return List.copyOf(operations);
    }

    long answered() {
        return operations.stream().filter(KeyOperation::completed).count();
    }

    @Nullable
    Exception lastFailure() {
        return lastFailure;
    }

    /** Requests that got no answer, or one that leaves open what they did. */
    int unanswered() {
        return unanswered.get();
    }
}
