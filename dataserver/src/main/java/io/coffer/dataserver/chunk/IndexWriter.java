package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index up to what is durable in the segments, behind the acknowledgements. A platform thread of its own, the index's only
 * writer.
 *
 * <p>Doesn't bound its queue, because who fills it is a committer that mustn't wait: those who begin something ask {@link #isBehind}.
 */
final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);
    private static final long RETRY_MILLIS = 500;

    private final ChunkIndex index;
    private final LocalDisk disk;
    private final SegmentUses uses;
    private final RecentEntries recent;
    private final Thread thread;

    /** Open until {@link #close}. */
    private final CountDownLatch ending = new CountDownLatch(1);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as are the next three. */
    private List<IndexChange> waiting = new ArrayList<>();

    private boolean asleep;
    private boolean closing;
    private @Nullable IndexException broken;

    /** What follows belongs to the thread. */
    private long nextDead;

    private long bytesSinceFlush;
    private long changesSinceFlush;

    /** Read by others: how many changes were taken from the queue and aren't applied yet. */
    private volatile int underWay;

    IndexWriter(String name, ChunkIndex index, LocalDisk disk, SegmentUses uses, RecentEntries recent, long nextDead) {
        this.index = index;
        this.disk = disk;
        this.uses = uses;
        this.recent = recent;
        this.nextDead = nextDead;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    void submit(IndexChange change) {
        IndexException reason;
        lock.lock();
        try {
            reason = broken;
            if (reason == null && !closing) {
                waiting.add(change);
                if (asleep) {
                    asleep = false;
                    changed.signal();
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        refuse(change, reason);
    }

    private static void refuse(IndexChange change, @Nullable IndexException reason) {
        if (change instanceof IndexChange.Barrier barrier) {
            barrier.done().completeExceptionally(failure(reason));
        }
    }

    private static ChunkException failure(@Nullable IndexException reason) {
        return reason == null
                ? new ChunkException(ChunkError.UNAVAILABLE, "the disk is closed")
                : new ChunkException(ChunkError.DISK_FAILED, String.valueOf(reason.getMessage()), reason);
    }

    /** Whether so much waits that nothing new should be begun. */
    boolean isBehind() {
        return backlog() > Limits.MAX_WAITING_INDEX_CHANGES;
    }

    int backlog() {
        lock.lock();
        try {
            return waiting.size() + underWay;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until everything submitted so far is in the index, durably if so wanted. */
    void await(boolean durable) throws ChunkException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        submit(new IndexChange.Barrier(done, durable));
        try {
            done.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ChunkException known
                    ? known
                    : new ChunkException(ChunkError.DISK_FAILED, "the index failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }

    private void run() {
        try {
            List<IndexChange> changes = take();
            while (!changes.isEmpty()) {
                for (int start = 0; start < changes.size(); start += Limits.MAX_INDEX_BATCH) {
                    apply(changes.subList(start, Math.min(changes.size(), start + Limits.MAX_INDEX_BATCH)));
                }
                changes = take();
            }
        } catch (IndexException e) {
            breakWith(e);
        } catch (RuntimeException e) { // a bug: nobody may wait for ever
            breakWith(new IndexException(IndexException.Reason.DAMAGED, "the index writer ended: " + e, e));
        }
    }

    private List<IndexChange> take() {
        lock.lock();
        try {
            underWay = 0;
            while (waiting.isEmpty() && !closing) {
                asleep = true;
                changed.awaitUninterruptibly();
            }
            asleep = false;
            List<IndexChange> taken = waiting;
            waiting = new ArrayList<>();
            underWay = taken.size();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void apply(List<IndexChange> changes) throws IndexException {
        IndexUpdate update = new IndexUpdate(index, disk, uses, nextDead);
        boolean flush = false;
        for (IndexChange change : changes) {
            change.addTo(update);
            flush |= change instanceof IndexChange.Barrier barrier && barrier.durable();
        }
        nextDead = update.nextDead();
        bytesSinceFlush += update.appendedBytes();
        changesSinceFlush += changes.size();
        flush |= bytesSinceFlush > Limits.INDEX_FLUSH_BYTES || changesSinceFlush > Limits.INDEX_FLUSH_CHANGES;
        if (flush) {
            touchCompleted(update);
        }
        withPatience(() -> index.apply(update.finish(false)), changes);
        if (flush) {
            withPatience(index::flush, changes);
            bytesSinceFlush = 0;
            changesSinceFlush = 0;
        }
        for (IndexChange change : changes) {
            change.applied(recent);
            if (change instanceof IndexChange.Barrier barrier) {
                barrier.done().complete(null);
            }
        }
    }

    /** Lets the index know of segments that became full, so that a start needn't look at them. */
    private void touchCompleted(IndexUpdate update) {
        for (Map.Entry<Long, SegmentUse> use : uses.all()) {
            if (!use.getValue().complete()) {
                Segment segment = disk.segment(use.getKey());
                if (segment != null && segment.phase() == Segment.Phase.FULL && segment.isSettled()) {
                    update.touch(use.getKey());
                }
            }
        }
    }

    private interface Step {
        void run() throws IndexException;
    }

    /** Tries again for as long as the disk is full. */
    private void withPatience(Step step, List<IndexChange> changes) throws IndexException {
        while (true) {
            try {
                step.run();
                return;
            } catch (IndexException e) {
                if (e.reason() != IndexException.Reason.NO_SPACE || !waitForRoom()) {
                    changes.forEach(change -> refuse(change, e));
                    throw e;
                }
                disk.health().full(String.valueOf(e.getMessage()));
            }
        }
    }

    /** Returns whether to try again. */
    private boolean waitForRoom() {
        try {
            return !ending.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return false;
        }
    }

    /** The index is of no use any more; the segments have everything. */
    private void breakWith(IndexException reason) {
        LOG.error("the index of disk {} failed", disk.directory().path(), reason);
        disk.health().failed("index: " + reason.getMessage());
        List<IndexChange> rest;
        lock.lock();
        try {
            broken = reason;
            rest = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        rest.forEach(change -> refuse(change, reason));
    }

    /** Applies what waits, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        ending.countDown();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** After {@link #close}: makes the index durable, with the mark that nothing lies behind it. */
    void seal() throws IndexException {
        lock.lock();
        try {
            if (broken != null) {
                return;
            }
        } finally {
            lock.unlock();
        }
        // A writer that was never closed leaves a gap; what is behind it has to be found again.
        boolean gapless = disk.segments().stream().allMatch(Segment::isSettled);
        IndexUpdate update = new IndexUpdate(index, disk, uses, nextDead);
        // Of a segment whose last change was a writer that gave up, the index doesn't know yet how far it is covered.
        for (Map.Entry<Long, SegmentUse> use : uses.all()) {
            if (!use.getValue().complete()) {
                update.touch(use.getKey());
            }
        }
        index.apply(update.finish(gapless));
        index.flush();
    }
}
