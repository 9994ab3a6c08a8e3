package io.coffer.common.concurrent;

import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Executors that say no instead of queueing without end. */
public final class BoundedExecutors {
    private static final long IDLE_SECONDS = 60;

    private BoundedExecutors() {}

    /**
     * A pool of platform threads. A task that finds all threads busy and the queue full is refused with a
     * {@link java.util.concurrent.RejectedExecutionException}.
     *
     * @param queued how many tasks may wait; 0 for none
     */
    public static ExecutorService platform(String name, int threads, int queued) {
        BlockingQueue<Runnable> queue = queued == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(queued);
        ThreadPoolExecutor executor =
                new ThreadPoolExecutor(threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, queue, new NamedThreads(name));
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Lets the tasks it has finish within the time given, then interrupts them.
     *
     * @return whether all had finished by themselves
     */
    public static boolean close(ExecutorService executor, Duration patience) {
        executor.shutdown();
        boolean finished = false;
        try {
            finished = executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!finished) {
            executor.shutdownNow();
        }
        return finished;
    }
}
