package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.trace.Work;
import io.coffer.gateway.placement.ReadOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Reads of one range from several copies, each on a virtual thread and into a buffer of its own: whoever is late gives its buffer back and
 * touches nobody else's. Started, awaited and ended by one thread.
 */
final class CopyRace implements AutoCloseable {
    private final Source source;

    /** Guarded by this, as is the next. */
    private final Deque<Finish> finished = new ArrayDeque<>();

    private boolean over;

    /** Reads a copy. Fills the buffer and flips it. */
    @FunctionalInterface
    interface Source {
        void read(ReadOrder.Copy copy, PooledBuffer into) throws ChunkException;
    }

    /**
     * How one read ended.
     *
     * @param buffer with the bytes; null when it failed
     */
    record Finish(
            ReadOrder.Copy copy,
            @Nullable PooledBuffer buffer,
            @Nullable ChunkException failure,
            long nanos) {}

    CopyRace(Source source) {
        this.source = source;
    }

    /** Starts to read a copy; the buffer belongs to the race from here on. */
    void start(ReadOrder.Copy copy, PooledBuffer buffer) {
        Work work = Work.current();
        Thread.ofVirtual().name("read of a copy").start(() -> {
            try (Work.Scope scope = work.enter()) {
                run(copy, buffer);
            }
        });
    }

    private void run(ReadOrder.Copy copy, PooledBuffer buffer) {
        long begun = System.nanoTime();
        ChunkException failure = null;
        try {
            source.read(copy, buffer);
        } catch (ChunkException e) {
            failure = e;
        } catch (RuntimeException e) {
            failure = new ChunkException(ChunkError.UNAVAILABLE, "a read failed with a bug", e);
        }
        long nanos = System.nanoTime() - begun;
        if (failure != null) {
            buffer.close();
            finish(new Finish(copy, null, failure, nanos));
        } else {
            finish(new Finish(copy, buffer, null, nanos));
        }
    }

    private synchronized void finish(Finish finish) {
        if (over) {
            giveBack(finish);
        } else {
            finished.add(finish);
            notifyAll();
        }
    }

    private static void giveBack(Finish finish) {
        if (finish.buffer() != null) {
            finish.buffer().close();
        }
    }

    /** The next read that ends, or null if none does in time. Its buffer is the caller's. */
    synchronized @Nullable Finish await(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (finished.isEmpty()) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return null;
            }
            wait(left / 1_000_000, (int) (left % 1_000_000));
        }
        return finished.poll();
    }

    /** Whatever ends from here on gives its buffer back. */
    @Override
    public synchronized void close() {
        over = true;
        finished.forEach(CopyRace::giveBack);
        finished.clear();
    }
}
