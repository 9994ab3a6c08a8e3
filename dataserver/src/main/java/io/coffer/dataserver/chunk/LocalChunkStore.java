package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.Limits;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of this node's disks. Thread-safe. Blocks on the disk; a commit's future completes on the committer's thread of its disk, so
 * what depends on it must be quick.
 *
 * <p>The highest epoch that any request named is remembered per volume, on the disk it named too; a lower one is refused from then on.
 */
public final class LocalChunkStore implements ChunkStore {
    private final Map<DiskId, ChunkDisk> disks = new LinkedHashMap<>();
    private final Map<VolumeId, Long> epochs = new ConcurrentHashMap<>();

    public LocalChunkStore(Collection<ChunkDisk> disks) {
        for (ChunkDisk disk : disks) {
            this.disks.put(disk.id(), disk);
            disk.epochs().forEach((volume, epoch) -> epochs.merge(volume, epoch, Math::max));
        }
    }

    private ChunkDisk disk(DiskId id) throws ChunkException {
        ChunkDisk disk = disks.get(id);
        if (disk == null) {
            throw new ChunkException(ChunkError.DISK_FAILED, "disk " + id + " isn't here");
        }
        return disk;
    }

    private ChunkDisk diskOf(ChunkAddress chunk) throws ChunkException {
        ChunkDisk disk = disk(chunk.disk());
        Long known = epochs.get(chunk.volume());
        if (known == null || known < chunk.volumeEpoch()) {
            known = epochs.merge(chunk.volume(), chunk.volumeEpoch(), Math::max);
            disk.learnEpoch(chunk.volume(), chunk.volumeEpoch());
        }
        if (known > chunk.volumeEpoch()) {
            throw new ChunkException(
                    ChunkError.STALE_EPOCH,
                    "volume %d is at epoch %d, not %d".formatted(chunk.volume().value(), known, chunk.volumeEpoch()));
        }
        return disk;
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        return diskOf(descriptor.address()).create(descriptor);
    }

    /** Opens a writer for a chunk that may exist: once committed, it takes the place of what is there. For repair. */
    public ChunkWriter replace(ChunkDescriptor descriptor) throws ChunkException {
        return diskOf(descriptor.address()).replace(descriptor);
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        diskOf(chunk).read(chunk, offset, target);
    }

    @Override
    public boolean delete(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).delete(chunk);
    }

    /** Whether the disk has the chunk, be it damaged or not. */
    public boolean has(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).lookup(ChunkKey.of(chunk)) != null;
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException {
        if (limit < 1 || limit > Limits.MAX_LIST_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + Limits.MAX_LIST_PAGE + ": " + limit);
        }
        return disk(disk).list(after, bornBeforeMillis, limit);
    }

    @Override
    public List<DiskStatus> disks() {
        return disks.values().stream().map(ChunkDisk::status).toList();
    }
}
