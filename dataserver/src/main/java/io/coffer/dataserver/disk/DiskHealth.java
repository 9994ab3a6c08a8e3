package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.cluster.Disk;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.io.ReadOnlyException;
import io.coffer.dataserver.format.Limits;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a disk is still good for. It only gets worse, except that a full one may get room again. Thread-safe.
 *
 * <p>After a failed write or sync nothing is written any more: what the kernel kept in memory of it may be lost or not, and no
 * later success would say. Chunks acknowledged before are still read, because they were durable, and every read is verified; they may be
 * the last copy. A disk that can't be read is given up altogether.
 */
public final class DiskHealth {
    private static final Logger LOG = LoggerFactory.getLogger(DiskHealth.class);

    /** In the order in which they get worse. */
    private enum Condition {
        HEALTHY,
        FULL,
        READ_ONLY,
        WRITES_FAILED,
        FAILED
    }

    private record State(Condition condition, String reason) {
        static final State HEALTHY = new State(Condition.HEALTHY, "");
    }

    private final String path;
    private final AtomicReference<State> state = new AtomicReference<>(State.HEALTHY);
    private final AtomicInteger readErrorsInARow = new AtomicInteger();

    public DiskHealth(String path) {
        this.path = path;
    }

    /** Takes note of a write or sync that failed, and says what that means for the caller. */
    public ChunkException writeFailed(IOException e) {
        if (e instanceof ReadOnlyException) {
            readOnly("mounted read-only");
            return new ChunkException(ChunkError.READ_ONLY, path + " is read-only", e);
        }
        worsen(Condition.WRITES_FAILED, "write failed: " + e.getMessage());
        return new ChunkException(ChunkError.DISK_FAILED, "disk " + path + " failed: " + e.getMessage(), e);
    }

    /** The same for a step that may run out of space without harm, because nothing of it counts yet. */
    public ChunkException allocationFailed(IOException e) {
        if (e instanceof NoSpaceException) {
            full("no space left");
            return new ChunkException(ChunkError.DISK_FULL, "disk " + path + " is full", e);
        }
        return writeFailed(e);
    }

    /** Takes note of a read that failed. */
    public ChunkException readFailed(IOException e) {
        if (readErrorsInARow.incrementAndGet() >= Limits.MAX_READ_ERRORS_IN_A_ROW) {
            worsen(Condition.FAILED, "reads fail: " + e.getMessage());
        }
        return new ChunkException(ChunkError.DISK_FAILED, "disk " + path + " can't be read: " + e.getMessage(), e);
    }

    public void readSucceeded() {
        if (readErrorsInARow.getPlain() != 0) {
            readErrorsInARow.set(0);
        }
    }

    /** Gives the disk up. */
    public void failed(String reason) {
        worsen(Condition.FAILED, reason);
    }

    public void readOnly(String reason) {
        worsen(Condition.READ_ONLY, reason);
    }

    public void full(String reason) {
        worsen(Condition.FULL, reason);
    }

    public void roomAgain() {
        State before = state.get();
        if (before.condition == Condition.FULL && state.compareAndSet(before, State.HEALTHY)) {
            LOG.info("disk {} has room again", path);
        }
    }

    private void worsen(Condition condition, String reason) {
        State after = new State(condition, reason);
        State before = state.getAndUpdate(old -> old.condition.compareTo(condition) < 0 ? after : old);
        if (before.condition.compareTo(condition) < 0) {
            if (condition.compareTo(Condition.WRITES_FAILED) >= 0) {
                LOG.error("disk {} is given up: {}", path, reason);
            } else {
                LOG.warn("disk {} takes no more writes: {}", path, reason);
            }
        }
    }

    public void requireReadable() throws ChunkException {
        State now = state.get();
        if (now.condition == Condition.FAILED) {
            throw new ChunkException(ChunkError.DISK_FAILED, "disk " + path + " failed: " + now.reason);
        }
    }

    /** That new chunks may be written. */
    public void requireWritable() throws ChunkException {
        State now = state.get();
        if (now.condition == Condition.FULL) {
            throw new ChunkException(ChunkError.DISK_FULL, "disk " + path + " is full: " + now.reason);
        }
        requireAppendable();
    }

    /** That marks may be written, which works on a full disk too. */
    public void requireAppendable() throws ChunkException {
        State now = state.get();
        switch (now.condition) {
            case HEALTHY, FULL -> {}
            case READ_ONLY -> throw new ChunkException(ChunkError.READ_ONLY, "disk " + path + " is " + now.reason);
            case WRITES_FAILED, FAILED ->
                throw new ChunkException(ChunkError.DISK_FAILED, "disk " + path + " failed: " + now.reason);
        }
    }

    /** Whether anything may be written. */
    public boolean isAppendable() {
        return state.get().condition.compareTo(Condition.FULL) <= 0;
    }

    public boolean isReadable() {
        return state.get().condition != Condition.FAILED;
    }

    public Disk.State state() {
        return switch (state.get().condition) {
            case HEALTHY -> Disk.State.HEALTHY;
            case FULL, READ_ONLY -> Disk.State.READ_ONLY;
            case WRITES_FAILED, FAILED -> Disk.State.FAILED;
        };
    }

    public String reason() {
        return state.get().reason;
    }
}
