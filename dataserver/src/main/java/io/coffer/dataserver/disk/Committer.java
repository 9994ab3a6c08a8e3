package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.Mark;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the commits of one disk durable: all that wait, with one sync per segment they are in. A platform thread of its own, because
 * syncs block it; while it syncs, the next group gathers.
 *
 * <p>A failed write or sync fails the group, and every group after it: see {@link DiskHealth}.
 */
final class Committer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);

    private final DiskHealth health;
    private final CommitSequence sequence;
    private final MarksLog marksLog;
    private final Thread thread;
    private final LongAdder groups = new LongAdder();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as are the next three. */
    private List<Pending> waiting = new ArrayList<>();

    private boolean asleep;
    private boolean closing;

    Committer(String name, DiskHealth health, CommitSequence sequence, MarksLog marksLog) {
        this.health = health;
        this.sequence = sequence;
        this.marksLog = marksLog;
        this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** The number of syncs' worth of groups so far. */
    long groups() {
        return groups.sum();
    }

    /** Its outcome will be told. */
    void submit(Pending pending) {
        lock.lock();
        try {
            if (!closing) {
                waiting.add(pending);
                if (asleep) {
                    asleep = false;
                    changed.signal();
                }
                return;
            }
        } finally {
            lock.unlock();
        }
        pending.outcome().failed(new ChunkException(ChunkError.UNAVAILABLE, "the disk is closed"));
    }

    private void run() {
        try {
            commitAll();
        } catch (Throwable e) { // a bug: nobody may wait for ever
            LOG.error("the committer of a disk ended", e);
            health.failed("the committer ended: " + e);
            failAll();
            throw e;
        }
    }

    private void failAll() {
        List<Pending> rest;
        lock.lock();
        try {
            closing = true;
            rest = waiting;
            waiting = new ArrayList<>();
        } finally {
            lock.unlock();
        }
        ChunkException why = new ChunkException(ChunkError.DISK_FAILED, "the committer ended");
        rest.forEach(pending -> pending.outcome().failed(why));
    }

    private void commitAll() {
        List<Pending> group = take();
        while (!group.isEmpty()) {
            for (int start = 0; start < group.size(); start += Limits.MAX_COMMIT_GROUP) {
                commit(group.subList(start, Math.min(group.size(), start + Limits.MAX_COMMIT_GROUP)));
            }
            group = take();
        }
    }

    /** All that wait; nothing only when it is time to end. */
    private List<Pending> take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                asleep = true;
                changed.awaitUninterruptibly();
            }
            asleep = false;
            List<Pending> group = waiting;
            waiting = new ArrayList<>(group.size());
            return group;
        } finally {
            lock.unlock();
        }
    }

    private void commit(List<Pending> group) {
        groups.increment();
        Set<Segment> dirty = new LinkedHashSet<>();
        List<Mark> marks = new ArrayList<>();
        for (Pending pending : group) {
            switch (pending) {
                case Pending.Append append -> dirty.add(append.region().segment());
                case Pending.Marking marking -> marks.add(marking.mark());
            }
        }
        Results results = write(marks, dirty);
        for (Pending pending : group) {
            if (pending instanceof Pending.Append append) {
                sequence.finish(append.ticket());
                append.region().release();
            }
        }
        results.written.finish(sequence);
        for (Pending pending : group) {
            ChunkException failure = pending instanceof Pending.Marking ? results.ofMarks : results.ofAppends;
            if (failure == null) {
                pending.outcome().durable();
            } else {
                pending.outcome().failed(failure);
            }
        }
        if (results.ofMarks == null) {
            marksLog.announce(results.written);
        }
    }

    /** What went wrong, if anything. */
    private record Results(
            MarksLog.Written written,
            @Nullable ChunkException ofMarks,
            @Nullable ChunkException ofAppends) {}

    private Results write(List<Mark> marks, Set<Segment> dirty) {
        MarksLog.Written written = MarksLog.Written.NOTHING;
        ChunkException ofMarks = null;
        try {
            health.requireAppendable();
            if (!marks.isEmpty()) {
                written = marksLog.write(marks);
                written.addSegmentsTo(dirty);
            }
        } catch (ChunkException e) {
            ofMarks = e;
        }
        if (ofMarks != null && !health.isAppendable()) {
            return new Results(written, ofMarks, ofMarks);
        }
        ChunkException ofSync = sync(dirty);
        return new Results(written, ofMarks == null ? ofSync : ofMarks, ofSync);
    }

    private @Nullable ChunkException sync(Set<Segment> dirty) {
        for (Segment segment : dirty) {
            try {
                segment.file().sync();
            } catch (IOException e) {
                LOG.error("sync of {} failed", segment, e);
                return health.writeFailed(e);
            }
        }
        return null;
    }

    /** Commits what waits, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
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
}
