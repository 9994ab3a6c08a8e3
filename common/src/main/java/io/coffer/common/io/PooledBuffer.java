package io.coffer.common.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The right to use one buffer of a {@link BufferPool} until {@link #close}. One owner at a time; it may change threads.
 * Whoever keeps the {@link ByteBuffer} beyond the close reads and writes somebody else's bytes.
 */
public final class PooledBuffer implements AutoCloseable {
    private static final VarHandle BUFFER;

    static {
        try {
            BUFFER = MethodHandles.lookup().findVarHandle(PooledBuffer.class, "buffer", ByteBuffer.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final BufferPool pool;

    /** Null once closed; taken by exchange, so that of two closers exactly one gives the buffer back. */
    private volatile @Nullable ByteBuffer buffer;

    /** Where it was acquired, when the pool traces. */
    private final @Nullable Throwable origin;

    PooledBuffer(BufferPool pool, ByteBuffer buffer, @Nullable Throwable origin) {
        this.pool = pool;
        this.buffer = buffer;
        this.origin = origin;
    }

    /** The same buffer each time; when acquired, its position was 0, its limit the capacity, its order big-endian. */
    public ByteBuffer buffer() {
        ByteBuffer held = buffer;
        if (held == null) {
            throw new IllegalStateException("buffer used after it was closed", origin);
        }
        return held;
    }

    /** Gives the buffer back. A second close is a bug of the caller and says so. */
    @Override
    public void close() {
        ByteBuffer held = (ByteBuffer) BUFFER.getAndSet(this, null);
        if (held == null) {
            throw new IllegalStateException("buffer closed twice", origin);
        }
        pool.release(this, held);
    }

    @Nullable
    Throwable origin() {
        return origin;
    }
}
