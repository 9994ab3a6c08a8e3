package io.coffer.common.io;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded set of equally sized, page-aligned direct buffers: the bound on what the process holds of object data.
 *
 * <p>Buffers are allocated when first needed and kept. The one released last is handed out first, because it is still in
 * the cache. Waiters are served in the order they came. Thread-safe; {@code acquire} may block, all else doesn't.
 *
 * <p>A permit of {@code free} is the right to take one buffer off the stack or, when that is empty, to allocate one; a
 * buffer goes back onto the stack before its permit does. So at most {@code count} buffers ever exist.
 */
public final class BufferPool {
    /** Data of a full buffer, and a power of two of the block size of checksums. */
    public static final int DEFAULT_DATA_BYTES = 256 * 1024;

    /** Room behind the data for a record's header or a checksum table, so that they leave in the same write. */
    public static final int DEFAULT_SLACK_BYTES = 4 * 1024;

    public static final int DEFAULT_BUFFER_BYTES = DEFAULT_DATA_BYTES + DEFAULT_SLACK_BYTES;

    /** Direct I/O and the page cache want this; no Linux machine we run on has smaller pages. */
    public static final int ALIGNMENT_BYTES = 4096;

    private final int bufferBytes;
    private final int count;
    private final Semaphore free;

    /** Unused buffers; guarded by itself, as is its fill. */
    private final @Nullable ByteBuffer[] stack;

    private int stacked;
    private int allocated;

    /** The acquired ones, when tracing. */
    private final @Nullable Set<PooledBuffer> traced;

    private BufferPool(int bufferBytes, int count, boolean tracing) {
        if (bufferBytes <= 0 || count <= 0) {
            throw new IllegalArgumentException("pool of " + count + " buffers of " + bufferBytes + " bytes");
        }
        this.bufferBytes = bufferBytes;
        this.count = count;
        this.free = new Semaphore(count, true);
        this.stack = new ByteBuffer[count];
        this.traced = tracing ? ConcurrentHashMap.newKeySet() : null;
    }

    /** As many buffers as fit {@code totalBytes}, which must be enough for one. */
    public static BufferPool ofTotalBytes(int bufferBytes, long totalBytes) {
        return new BufferPool(bufferBytes, Math.toIntExact(totalBytes / bufferBytes), false);
    }

    public static BufferPool ofCount(int bufferBytes, int count) {
        return new BufferPool(bufferBytes, count, false);
    }

    /** Remembers where each buffer was acquired; for tests, it costs microseconds per buffer. */
    public static BufferPool tracing(int bufferBytes, int count) {
        return new BufferPool(bufferBytes, count, true);
    }

    /** Waits its turn for a buffer, at most {@code timeout}. */
    public PooledBuffer acquire(Duration timeout) throws BuffersExhaustedException, InterruptedException {
        if (!free.tryAcquire(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
            throw new BuffersExhaustedException(count, timeout.toMillis());
        }
        return take();
    }

    /** A buffer, if one is free and nobody waits for it. */
    public Optional<PooledBuffer> tryAcquire() {
        return !free.hasQueuedThreads() && free.tryAcquire() ? Optional.of(take()) : Optional.empty();
    }

    private PooledBuffer take() {
        ByteBuffer buffer = null;
        synchronized (stack) {
            if (stacked > 0) {
                stacked--;
                buffer = stack[stacked];
                stack[stacked] = null;
            } else {
                allocated++;
            }
        }
        if (buffer == null) {
            buffer = allocate();
        }
        PooledBuffer acquired = new PooledBuffer(this, buffer, traced == null ? null : new Throwable("acquired here"));
        if (traced != null) {
            traced.add(acquired);
        }
        return acquired;
    }

    private ByteBuffer allocate() {
        boolean done = false;
        try {
            ByteBuffer buffer = ByteBuffer.allocateDirect(
                            Math.ceilDiv(bufferBytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES + ALIGNMENT_BYTES)
                    .alignedSlice(ALIGNMENT_BYTES)
                    .slice(0, bufferBytes);
            done = true;
            return buffer;
        } finally {
            if (!done) { // out of direct memory
                synchronized (stack) {
                    allocated--;
                }
                free.release();
            }
        }
    }

    void release(PooledBuffer acquired, ByteBuffer buffer) {
        if (traced != null) {
            traced.remove(acquired);
        }
        buffer.clear().order(ByteOrder.BIG_ENDIAN);
        synchronized (stack) {
            stack[stacked] = buffer;
            stacked++;
        }
        free.release();
    }

    public int bufferBytes() {
        return bufferBytes;
    }

    /** The most bytes its users can hold. */
    public long maxBytes() {
        return (long) bufferBytes * count;
    }

    /** What exists, in use or not. */
    public long allocatedBytes() {
        synchronized (stack) {
            return (long) allocated * bufferBytes;
        }
    }

    public int inUse() {
        return count - free.availablePermits();
    }

    /** Throws, with the places that acquired them when tracing, if buffers are still in use. */
    public void requireNoneInUse() {
        int leaked = inUse();
        if (leaked > 0) {
            var failure = new IllegalStateException(leaked + " buffers were never closed");
            if (traced != null) {
                traced.stream().map(PooledBuffer::origin).forEach(failure::addSuppressed);
            }
            throw failure;
        }
    }
}
