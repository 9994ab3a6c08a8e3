package io.coffer.dataserver.rpc;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Bytes that may be held at a time. Who has to wait is served in the order of coming. Thread-safe; blocks nobody. */
final class ByteBudget {
    private record Waiter(long bytes, Runnable granted) {}

    private final long max;

    /** Guarded by this, as is the next. */
    private long used;

    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();

    ByteBudget(long max) {
        this.max = max;
    }

    synchronized boolean tryReserve(long bytes) {
        if (!waiters.isEmpty() || used + bytes > max) {
            return false;
        }
        used += bytes;
        return true;
    }

    /**
     * Reserves bytes now, or later.
     *
     * @param granted called once they are reserved, unless they are at once; by whoever gives some back, so it must be quick
     * @return whether they are reserved already
     */
    boolean reserve(long bytes, Runnable granted) {
        if (bytes > max) {
            throw new IllegalArgumentException(bytes + " bytes of " + max);
        }
        synchronized (this) {
            if (tryReserve(bytes)) {
                return true;
            }
            waiters.add(new Waiter(bytes, granted));
            return false;
        }
    }

    void release(long bytes) {
        List<Waiter> served = List.of();
        synchronized (this) {
            used -= bytes;
            while (!waiters.isEmpty() && used + waiters.peek().bytes() <= max) {
                Waiter next = waiters.remove();
                used += next.bytes();
                if (served.isEmpty()) {
                    served = new ArrayList<>();
                }
                served.add(next);
            }
        }
        served.forEach(waiter -> waiter.granted().run());
    }

    synchronized long used() {
        return used;
    }
}
