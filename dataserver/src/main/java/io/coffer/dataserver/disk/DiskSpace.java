package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.FileSystem;
import io.coffer.dataserver.format.Limits;
import java.io.IOException;

/**
 * Keeps part of a disk free: what deletes and the index need when it is full. Thread-safe.
 *
 * <p>New segments are refused when they would go into the reserve; all writes are, when somebody else has used up half of it. It is asked
 * again and again, so a disk recovers without a restart.
 */
final class DiskSpace {
    private final FileSystem files;
    private final String path;
    private final DiskHealth health;
    private final long segmentBytes;
    private final long reserveBytes;
    private volatile FileSystem.Space last;

    DiskSpace(FileSystem files, String path, DiskHealth health, DiskOptions options) throws IOException {
        this.files = files;
        this.path = path;
        this.health = health;
        this.last = files.space();
        this.segmentBytes = options.segmentBytes(last.totalBytes());
        this.reserveBytes = options.reserveBytes(last.totalBytes());
    }

    long segmentBytes() {
        return segmentBytes;
    }

    long reserveBytes() {
        return reserveBytes;
    }

    FileSystem.Space last() {
        return last;
    }

    /** Whether so little is free that holes are worth their price. */
    boolean isTight() {
        FileSystem.Space now = last;
        return now.usableBytes() - reserveBytes < now.totalBytes() * Limits.TIGHT_BELOW;
    }

    /** Refuses, and says that the disk is full, if so many more bytes would go into the reserve, or into half of it. */
    void requireRoom(long bytes, boolean reclaiming) throws ChunkException {
        long usable = sample().usableBytes();
        if (usable - bytes < (reclaiming ? reserveBytes / 2 : reserveBytes)) {
            health.full("%d bytes are free, %d of them in reserve".formatted(usable, reserveBytes));
            throw new ChunkException(ChunkError.DISK_FULL, "disk " + path + " is full");
        }
    }

    /** Whether so many more bytes leave the reserve alone. */
    boolean hasRoom(long bytes) throws ChunkException {
        return sample().usableBytes() - bytes >= reserveBytes;
    }

    /** Looks at the disk again. */
    void check(boolean freeSegments) throws ChunkException {
        long usable = sample().usableBytes();
        if (usable < reserveBytes / 2) {
            health.full("%d bytes are free, half of the reserve is gone".formatted(usable));
        } else if (freeSegments || usable - segmentBytes >= reserveBytes) {
            health.roomAgain();
        }
    }

    private FileSystem.Space sample() throws ChunkException {
        try {
            FileSystem.Space now = files.space();
            last = now;
            return now;
        } catch (IOException e) {
            throw health.readFailed(e);
        }
    }
}
