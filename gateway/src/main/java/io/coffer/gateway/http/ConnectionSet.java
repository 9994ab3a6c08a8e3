package io.coffer.gateway.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/** The open connections of one server. Thread-safe. */
final class ConnectionSet {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Set<HttpConnection> open = new HashSet<>();
    private boolean draining;

    /** Read with every answer. */
    private volatile boolean retiring;

    /** Returns whether the server is going down: then the connection must end by itself. */
    boolean add(HttpConnection connection) {
        lock.lock();
        try {
            open.add(connection);
            return draining;
        } finally {
            lock.unlock();
        }
    }

    void remove(HttpConnection connection) {
        lock.lock();
        try {
            open.remove(connection);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Has every connection end behind its next answer; others may still come, and end so too. */
    void retire() {
        retiring = true;
    }

    boolean retiring() {
        return retiring;
    }

    /** Ends all connections behind what they are doing, and those that are still to be added. */
    void drain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
        each(HttpConnection::drain);
    }

    /** Runs the action on each connection's event loop. */
    void each(Consumer<HttpConnection> action) {
        for (HttpConnection connection : snapshot()) {
            connection.execute(() -> action.accept(connection));
        }
    }

    private List<HttpConnection> snapshot() {
        lock.lock();
        try {
            return List.copyOf(open);
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether all were closed in time. */
    boolean awaitEmpty(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!open.isEmpty()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return true;
        } finally {
            lock.unlock();
        }
    }
}
