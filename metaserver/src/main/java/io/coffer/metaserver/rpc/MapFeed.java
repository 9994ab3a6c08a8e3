package io.coffer.metaserver.rpc;

import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.metadata.wire.MapUpdates;
import io.coffer.metaserver.query.MapListener;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The newest changes of the cluster map that were applied here, each encoded once for all that watch it. Thread-safe: the applier
 * adds, watchers wait for the next.
 */
public final class MapFeed implements MapListener, Closeable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final Deque<Change> changes = new ArrayDeque<>();
    private final TreeMap<Long, Change> byStart = new TreeMap<>();
    private final int maxChanges;
    private final long maxBytes;
    private long bytes;
    private long head;
    private boolean closed;

    public MapFeed() {
        this(Limits.KEPT_CHANGES, Limits.KEPT_CHANGE_BYTES);
    }

    MapFeed(int maxChanges, long maxBytes) {
        this.maxChanges = maxChanges;
        this.maxBytes = maxBytes;
    }

    /** A change in messages. */
    record Change(long from, long revision, List<MapUpdate> messages, long bytes) {}

    /** What a watcher does next. */
    sealed interface Next {
        /** Nothing has changed. */
        record Nothing() implements Next {}

        record Step(Change change) implements Next {}

        /** The changes since are no longer here. */
        record TooOld() implements Next {}

        /** There will be no more. */
        record End() implements Next {}
    }

    @Override
    public void opened(long revision) {
        lock.lock();
        try {
            if (revision != head) {
                changes.clear();
                byStart.clear();
                bytes = 0;
                head = revision;
                added.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void changed(ClusterMapDelta delta) {
        List<MapUpdate> messages = MapUpdates.encode(delta);
        long size = messages.stream().mapToLong(MapUpdate::getSerializedSize).sum();
        Change change = new Change(delta.from(), delta.revision(), messages, size);
        lock.lock();
        try {
            changes.add(change);
            byStart.put(change.from(), change);
            bytes += size;
            while (changes.size() > maxChanges || bytes > maxBytes && changes.size() > 1) {
                Change oldest = changes.remove();
                byStart.remove(oldest.from());
                bytes -= oldest.bytes();
            }
            head = delta.revision();
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** What comes after a revision, waited for if it is not there yet. */
    Next after(long revision, Duration atMost) throws InterruptedException {
        long left = atMost.toNanos();
        lock.lockInterruptibly();
        try {
            while (head <= revision && left > 0 && !closed) {
                left = added.awaitNanos(left);
            }
            if (closed) {
                return new Next.End();
            }
            if (head <= revision) {
                return new Next.Nothing();
            }
            Optional<Change> next = Optional.ofNullable(byStart.get(revision));
            return next.isPresent() ? new Next.Step(next.get()) : new Next.TooOld();
        } finally {
            lock.unlock();
        }
    }

    /** Lets every watcher go. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
