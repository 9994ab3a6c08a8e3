package io.coffer.metaserver.consensus;

import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.GroupId;
import java.io.Closeable;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The one thread that takes checkpoints, a group at a time: flushing a state is mostly waiting for the disk, and must not keep an
 * applier from its work. A group is queued at most once. Thread-safe.
 */
final class CheckpointThread implements Closeable {
    private final ExecutorService executor = Executors.newSingleThreadExecutor(new NamedThreads("checkpoints"));
    private final Set<GroupId> queued = ConcurrentHashMap.newKeySet();

    /** Runs it later; does nothing if one is queued, or after {@link #close}. */
    void request(GroupId group, Runnable checkpoint) {
        if (queued.add(group)) {
            try {
                executor.execute(() -> {
                    queued.remove(group);
                    checkpoint.run();
                });
            } catch (RejectedExecutionException e) {
                queued.remove(group);
            }
        }
    }

    /** Runs it in its turn and waits. */
    void run(Callable<Void> checkpoint) throws IOException, InterruptedException {
        try {
            executor.submit(checkpoint).get();
        } catch (ExecutionException e) {
            throw new IOException("a checkpoint failed", e.getCause());
        }
    }

    /** Waits for those that are queued. */
    @Override
    public void close() {
        executor.close();
    }
}
