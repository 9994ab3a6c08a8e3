package io.coffer.metaserver;

import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.time.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps room on the disk that holds the metadata. A group whose log or rows can't be written has to stop, reads included, so
 * commands are refused before that: those that add something from the reserve on, and all when most of it is gone. Deletes need
 * the difference, until what they deleted has left the disk.
 *
 * <p>Thread-safe. The disk is asked now and then only; what is written meanwhile is small against the reserve.
 */
final class MetadataSpace {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataSpace.class);

    /** The part of a disk that is kept, within the bounds below. */
    private static final double RESERVE_PART = 0.02;

    /**
     * What may be written yet without any further command: the rows in memory, a compaction, a segment of the log. Less only where
     * a disk is very small.
     */
    private static final long MIN_RESERVE_BYTES = 128L << 20;

    private static final int SMALLEST_PART = 4;
    private static final long MAX_RESERVE_BYTES = 16L << 30;

    /** All commands are refused when less than such a part of the reserve is left. */
    private static final int LAST_PART = 4;

    private static final long SAMPLED_FOR_NANOS = Duration.ofMillis(50).toNanos();
    private static final long SHRINK_PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Asks the disk how much of it is free. */
    @FunctionalInterface
    interface Probe {
        FileSystem.Space space() throws IOException;
    }

    private final Probe disk;
    private final Ticker ticker;
    private final Runnable shrink;
    private final long reserveBytes;
    private final AtomicLong sampledAt;
    private final AtomicLong shrunkAt;
    private volatile long usableBytes;
    private volatile boolean tight;

    /** @param shrink is called now and then while space is short, to give back what can be given back; must return at once */
    MetadataSpace(Probe disk, Ticker ticker, Runnable shrink) throws IOException {
        this.disk = disk;
        this.ticker = ticker;
        this.shrink = shrink;
        FileSystem.Space space = disk.space();
        this.reserveBytes = reserveBytes(space.totalBytes());
        this.usableBytes = space.usableBytes();
        long now = ticker.nanos();
        this.sampledAt = new AtomicLong(now);
        this.shrunkAt = new AtomicLong(now - SHRINK_PAUSE_NANOS);
    }

    static long reserveBytes(long diskBytes) {
        long least = Math.min(MIN_RESERVE_BYTES, diskBytes / SMALLEST_PART);
        return Math.clamp((long) (diskBytes * RESERVE_PART), least, MAX_RESERVE_BYTES);
    }

    /** NO_SPACE when the command has to wait until there is room. */
    void requireRoomFor(Command<?> command) throws RefusedException {
        if (!isTight()) {
            return;
        }
        long usable = usableBytes;
        if (adds(command) || usable < reserveBytes / LAST_PART) {
            throw new RefusedException(
                    Refusal.NO_SPACE,
                    "%d bytes are free for metadata, %d are the reserve".formatted(usable, reserveBytes));
        }
    }

    /** Whether what adds something is refused. */
    boolean isTight() {
        return usable() < reserveBytes;
    }

    /** Whether a group that stopped for want of space can work again; deletes at least. */
    boolean hasRoom() {
        return usable() >= reserveBytes / LAST_PART;
    }

    private long usable() {
        long now = ticker.nanos();
        long before = sampledAt.get();
        if (now - before >= SAMPLED_FOR_NANOS && sampledAt.compareAndSet(before, now)) {
            sample(now);
        }
        return usableBytes;
    }

    private void sample(long now) {
        try {
            usableBytes = disk.space().usableBytes();
        } catch (IOException e) {
            // A disk that doesn't answer this won't take a write either, and that will say more.
            LOG.debug("no word of free space", e);
            return;
        }
        boolean isShort = usableBytes < reserveBytes;
        if (isShort != tight) {
            tight = isShort;
            if (isShort) {
                LOG.warn(
                        "metadata takes no more writes: {} bytes are free, {} are the reserve; deletes go on",
                        usableBytes,
                        reserveBytes);
            } else {
                LOG.info("metadata has room again");
            }
        }
        long last = shrunkAt.get();
        if (isShort && now - last >= SHRINK_PAUSE_NANOS && shrunkAt.compareAndSet(last, now)) {
            shrink.run();
        }
    }

    /** Whether a command leaves more behind than it takes away. */
    private static boolean adds(Command<?> command) {
        return switch (command) {
            case BucketCommand<?> inBucket -> adds(inBucket);
            case SystemCommand<?> inSystem -> adds(inSystem);
        };
    }

    private static boolean adds(BucketCommand<?> command) {
        return switch (command) {
            case BucketCommand.OpenPartition _,
                    BucketCommand.PutObject _,
                    BucketCommand.AppendObject _,
                    BucketCommand.ComposeObject _,
                    BucketCommand.RenameObject _,
                    BucketCommand.RenewSeals _,
                    BucketCommand.CreateUpload _,
                    BucketCommand.PutPart _,
                    BucketCommand.CompleteUpload _ -> true;
            case BucketCommand.ApplySettings _,
                    BucketCommand.ClosePartition _,
                    BucketCommand.ReopenPartition _,
                    BucketCommand.ChangeVersion _,
                    BucketCommand.DeleteObject _,
                    BucketCommand.DeleteObjects _,
                    BucketCommand.AbortUpload _,
                    BucketCommand.PurgePartition _,
                    BucketCommand.ForgetExtents _,
                    BucketCommand.ReleaseParts _ -> false;
        };
    }

    /** The cluster's own figures and an operator's commands are few, and a full store must start. */
    private static boolean adds(SystemCommand<?> command) {
        return command instanceof SystemCommand.CreateBucket
                || command instanceof SystemCommand.SetBucketDocument document && document.content() != null;
    }
}
