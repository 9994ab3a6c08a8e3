package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A request's body between the event loop, which offers what it receives, and the handler's thread, which reads. What is held
 * is bounded by the event loop, which stops receiving at the allowance and is woken at half of it.
 */
final class InboundBody implements RequestBody {
    /** What the connection does for its body, whatever the thread. */
    interface Source {
        /** The handler wants the first byte: the client must be told to go on if it asked. */
        void firstRead();

        /** There is room again. */
        void resume();
    }

    private final Source source;
    private final long length;
    private final HttpLimits.Body limits;
    private final InboundBudget budget;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Guarded by the lock.
    private final ArrayDeque<ByteBuf> queue = new ArrayDeque<>(4);
    private int held;
    private boolean paused;
    private boolean ended;
    private boolean closed;
    private RequestBodyException.@Nullable Reason failure;
    private Headers trailers = Headers.EMPTY;

    // The handler's thread only.
    private @Nullable ByteBuf lent;
    private boolean asked;
    private long received;
    private long waitedNanos;

    InboundBody(Source source, long length, HttpLimits.Body limits, InboundBudget budget) {
        this.source = source;
        this.length = length;
        this.limits = limits;
        this.budget = budget;
    }

    /** Takes the buffer; drops it behind a failure. Called by the event loop. */
    void offer(ByteBuf bytes) {
        lock.lock();
        try {
            if (!closed && failure == null) {
                int capacity = bytes.readableBytes();
                held += capacity;
                budget.take(capacity);
                queue.add(bytes);
                changed.signal();
                return;
            }
        } finally {
            lock.unlock();
        }
        bytes.release();
    }

    /** No more will be offered. Does nothing behind a failure. */
    void end(Headers trailerLines) {
        lock.lock();
        try {
            if (failure == null) {
                ended = true;
                trailers = trailerLines;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** No more will be offered, and something is missing. Does nothing after the end. */
    void fail(RequestBodyException.Reason reason) {
        lock.lock();
        try {
            if (!ended && failure == null) {
                failure = reason;
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    boolean failed() {
        lock.lock();
        try {
            return failure != null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether more may be received now; if not, {@link Source#resume} will be called. */
    boolean mayReceive() {
        lock.lock();
        try {
            if (closed || held < budget.allowance()) {
                return !closed;
            }
            paused = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer read() throws RequestBodyException {
        boolean resume = releaseLent();
        if (!asked) {
            asked = true;
            if (length != 0) {
                source.firstRead();
            }
        }
        if (resume) {
            source.resume();
        }
        ByteBuf next = take();
        if (next == null) {
            return null;
        }
        lent = next;
        received += next.readableBytes();
        return next.nioBuffer();
    }

    private boolean releaseLent() {
        ByteBuf last = lent;
        if (last == null) {
            return false;
        }
        lent = null;
        int capacity = last.readableBytes();
        last.release();
        budget.giveBack(capacity);
        lock.lock();
        try {
            held -= capacity;
            boolean resume = paused && held <= budget.allowance() / 2;
            if (resume) {
                paused = false;
            }
            return resume;
        } finally {
            lock.unlock();
        }
    }

    private @Nullable ByteBuf take() throws RequestBodyException {
        lock.lock();
        try {
            long idleNanos = limits.idle().toNanos();
            while (queue.isEmpty()) {
                if (ended) {
                    return null;
                }
                if (failure != null) {
                    throw exception(failure);
                }
                if (closed) {
                    throw new IllegalStateException("body read after the exchange");
                }
                long patience = Math.min(idleNanos, nanosUntilTooSlow());
                if (patience <= 0) {
                    failure = RequestBodyException.Reason.TIMEOUT;
                    continue;
                }
                long before = System.nanoTime();
                changed.awaitNanos(patience);
                long waited = System.nanoTime() - before;
                waitedNanos += waited;
                idleNanos -= waited;
            }
            return queue.poll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RequestBodyException(RequestBodyException.Reason.INCOMPLETE, "interrupted while reading");
        } finally {
            lock.unlock();
        }
    }

    /** How much longer the handler may wait, in sum, until the client has been slower than the least rate. */
    private long nanosUntilTooSlow() {
        if (limits.minBytesPerSecond() == 0) {
            return Long.MAX_VALUE;
        }
        long earned = (long) ((double) received / limits.minBytesPerSecond() * TimeUnit.SECONDS.toNanos(1));
        return limits.rateGrace().toNanos() + earned - waitedNanos;
    }

    private static RequestBodyException exception(RequestBodyException.Reason reason) {
        return new RequestBodyException(
                reason,
                switch (reason) {
                    case INCOMPLETE -> "the connection ended before the body did";
                    case TIMEOUT -> "the client sent too slowly";
                    case MALFORMED -> "the transfer coding is malformed";
                });
    }

    @Override
    public Headers trailers() {
        lock.lock();
        try {
            if (!ended) {
                throw new IllegalStateException("trailers asked for before the body's end");
            }
            return trailers;
        } finally {
            lock.unlock();
        }
    }

    /** Ends reading and gives everything back. Called by the handler's thread, or when there is none any more. */
    void close() {
        releaseLent();
        lock.lock();
        try {
            closed = true;
            for (ByteBuf bytes = queue.poll(); bytes != null; bytes = queue.poll()) {
                budget.giveBack(bytes.readableBytes());
                bytes.release();
            }
        } finally {
            lock.unlock();
        }
    }
}
