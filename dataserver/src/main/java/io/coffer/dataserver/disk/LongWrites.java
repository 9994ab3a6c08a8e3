package io.coffer.dataserver.disk;

import io.coffer.common.concurrent.NamedThreads;
import io.coffer.dataserver.format.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Writes to one disk past the page cache, on a few platform threads: such a write waits for the disk, and a virtual thread that did
 * would keep a processor from the others. What waits here is bounded by the buffers it waits in. Thread-safe.
 */
final class LongWrites implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;

    LongWrites(String name) {
        threads = new ThreadPoolExecutor(
                Limits.LONG_WRITE_THREADS,
                Limits.LONG_WRITE_THREADS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads(name));
        threads.allowCoreThreadTimeOut(true);
    }

    /** Begins to write what remains in the buffer, which nobody may touch until the write is over. */
    LongWrite begin(Region region, ByteBuffer data, long at) {
        return new LongWrite(CompletableFuture.runAsync(
                () -> {
                    try {
                        region.writeUncached(data, at);
                    } catch (IOException e) {
                        throw new CompletionException(e);
                    }
                },
                threads));
    }

    /** After what was begun. */
    @Override
    public void close() {
        threads.close();
    }
}
