package io.coffer.dataserver.chunk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.format.ChunkKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
public final class LocalChunkStore implements OwnChunks {
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
            throw ChunkDisk.staleEpoch(chunk.volume(), known, chunk.volumeEpoch());
        }
        return disk;
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        return diskOf(descriptor.address()).create(descriptor);
    }

    @Override
    public ChunkWriter replace(ChunkDescriptor descriptor) throws ChunkException {
        return diskOf(descriptor.address()).replace(descriptor);
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        diskOf(chunk).read(chunk, offset, target, null);
    }

    /**
     * Reads, and tells the checksums of what was read for whoever verifies it again: a piece ends at each border of a block, so there are
     * {@link BlockChecksums#piecesIn} of them.
     */
    public void read(ChunkAddress chunk, long offset, ByteBuffer target, int[] pieces) throws ChunkException {
        diskOf(chunk).read(chunk, offset, target, pieces);
    }

    /**
     * Where a chunk is, for readers on this host.
     *
     * @throws ChunkException NOT_FOUND, CORRUPT, DISK_FAILED, STALE_EPOCH
     */
    public LocatedChunk locate(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).place(chunk);
    }

    @Override
    public boolean delete(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).delete(chunk);
    }

    @Override
    public List<Deletion> deleteAll(List<ChunkAddress> chunks) {
        if (chunks.size() > MAX_DELETES) {
            throw new IllegalArgumentException("%d deletes at once".formatted(chunks.size()));
        }
        List<ChunkDisk.@Nullable DeletionCommit> begun = new ArrayList<>(chunks.size());
        List<Deletion> outcomes = new ArrayList<>(chunks.size());
        for (ChunkAddress chunk : chunks) {
            try {
                ChunkDisk.DeletionCommit deletion = diskOf(chunk).beginDelete(chunk);
                begun.add(deletion);
                outcomes.add(deletion == null ? Deletion.ABSENT : Deletion.DELETED);
            } catch (ChunkException e) {
                begun.add(null);
                outcomes.add(Deletion.failed(e));
            }
        }
        for (int i = 0; i < begun.size(); i++) {
            ChunkDisk.DeletionCommit deletion = begun.get(i);
            if (deletion != null) {
                try {
                    deletion.await();
                } catch (ChunkException e) {
                    outcomes.set(i, Deletion.failed(e));
                }
            }
        }
        return outcomes;
    }

    @Override
    public boolean has(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).lookup(ChunkKey.of(chunk)) != null;
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException {
        requirePage(limit);
        return disk(disk).listing().page(after, bornBeforeMillis, limit);
    }

    private static void requirePage(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("limit must be 1 to " + MAX_PAGE + ": " + limit);
        }
    }

    @Override
    public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit)
            throws ChunkException {
        requirePage(limit);
        return disk(disk).listing().page(volume, after, limit);
    }

    @Override
    public void fence(DiskId disk, VolumeId volume, long epoch) throws ChunkException {
        ChunkDisk fenced = disk(disk);
        long known = epochs.merge(volume, epoch, Math::max);
        if (known > epoch) {
            throw ChunkDisk.staleEpoch(volume, known, epoch);
        }
        fenced.fence(volume, epoch);
    }

    @Override
    public List<DiskStatus> disks() {
        return disks.values().stream().map(ChunkDisk::status).toList();
    }
}
