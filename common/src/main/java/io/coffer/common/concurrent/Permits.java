package io.coffer.common.concurrent;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A bound on what is under way: requests, bytes. Permits are taken before the work and closed after it. Waiters are served in
 * the order they came, so a large one isn't starved by small ones. Thread-safe.
 */
public final class Permits {
    private final String of;
    private final long total;
    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private long free;

    /** @param of what they stand for, for messages: "requests", "bytes of uploads" */
    public Permits(String of, long total) {
        if (total <= 0) {
            throw new IllegalArgumentException(total + " permits");
        }
        this.of = of;
        this.total = total;
        this.free = total;
    }

    private static final class Waiter {
        final long amount;
        final Condition served;
        boolean granted;

        Waiter(long amount, Condition served) {
            this.amount = amount;
            this.served = served;
        }
    }

    /** An amount held; closing gives it back, once. */
    public final class Permit implements AutoCloseable {
        private final long amount;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(long amount) {
            this.amount = amount;
        }

        @Override
        public void close() {
            if (!closed.compareAndSet(false, true)) {
                throw new IllegalStateException("permit for " + amount + " " + of + " closed twice");
            }
            release(amount);
        }
    }

    /** If there is enough and nobody waits for it. Never blocks. */
    public Optional<Permit> tryAcquire(long amount) {
        requirePossible(amount);
        lock.lock();
        try {
            return takeNow(amount) ? Optional.of(new Permit(amount)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Waits its turn, at most {@code timeout}. */
    public Permit acquire(long amount, Duration timeout) throws PermitsExhaustedException, InterruptedException {
        requirePossible(amount);
        lock.lockInterruptibly();
        try {
            if (!takeNow(amount) && !await(amount, timeout.toNanos())) {
                throw new PermitsExhaustedException(of, amount, total);
            }
            return new Permit(amount);
        } finally {
            lock.unlock();
        }
    }

    private void requirePossible(long amount) {
        if (amount < 0 || amount > total) {
            throw new IllegalArgumentException(amount + " of " + total + " " + of);
        }
    }

    private boolean takeNow(long amount) {
        boolean enough = waiters.isEmpty() && free >= amount;
        if (enough) {
            free -= amount;
        }
        return enough;
    }

    private boolean await(long amount, long timeoutNanos) throws InterruptedException {
        Waiter self = new Waiter(amount, lock.newCondition());
        waiters.addLast(self);
        long left = timeoutNanos;
        try {
            while (!self.granted && left > 0) {
                left = self.served.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            if (self.granted) {
                free += amount;
            }
            throw e;
        } finally {
            if (!self.granted) {
                waiters.remove(self);
            }
            serve(); // whoever waited behind may fit now
        }
        return self.granted;
    }

    private void release(long amount) {
        lock.lock();
        try {
            free += amount;
            serve();
        } finally {
            lock.unlock();
        }
    }

    private void serve() {
        for (Waiter first = waiters.peekFirst(); first != null && first.amount <= free; first = waiters.peekFirst()) {
            waiters.removeFirst();
            free -= first.amount;
            first.granted = true;
            first.served.signal();
        }
    }

    public long total() {
        return total;
    }

    public long inUse() {
        lock.lock();
        try {
            return total - free;
        } finally {
            lock.unlock();
        }
    }
}
