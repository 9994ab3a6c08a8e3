package io.coffer.dataserver.rpc;

import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.DiskId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that wait for disks. Each disk has its own platform threads (a native call occupies a virtual thread's carrier, so one slow disk
 * would stop all), some for reads and some for writes, because writes stand still when the kernel has too much to write back, and reads
 * needn't. Nothing that waits for the network or for a sync may run on them. Their queues are bounded by the number of streams.
 *
 * <p>What waits for syncs, and for the index, runs on virtual threads.
 */
final class DiskThreads implements AutoCloseable {
    private static final long IDLE_SECONDS = 30;
    private static final long CLOSE_SECONDS = 5;

    private final Map<DiskId, ExecutorService> reading = new HashMap<>();
    private final Map<DiskId, ExecutorService> writing = new HashMap<>();
    private final ExecutorService waiting = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("chunk-call-", 0).factory());

    DiskThreads(Collection<DiskId> disks, int threadsPerDisk) {
        for (DiskId disk : disks) {
            reading.put(disk, pool("read " + disk, threadsPerDisk));
            writing.put(disk, pool("write " + disk, threadsPerDisk));
        }
    }

    private static ExecutorService pool(String name, int threads) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                threads,
                threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                new NamedThreads("chunk-" + name));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    Executor reading(DiskId disk) {
        return reading.getOrDefault(disk, waiting);
    }

    Executor writing(DiskId disk) {
        return writing.getOrDefault(disk, waiting);
    }

    Executor waiting() {
        return waiting;
    }

    /** Lets what runs end. */
    @Override
    public void close() {
        reading.values().forEach(ExecutorService::shutdown);
        writing.values().forEach(ExecutorService::shutdown);
        waiting.shutdown();
        try {
            for (ExecutorService pool : writing.values()) {
                pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
            for (ExecutorService pool : reading.values()) {
                pool.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
            }
            waiting.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
