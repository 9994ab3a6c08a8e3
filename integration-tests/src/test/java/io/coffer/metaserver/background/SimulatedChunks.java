package io.coffer.metaserver.background;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.cluster.Disk;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.chunk.OwnChunks;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One node's chunks in memory, from one start of it to its end. What is on the disks outlives it; what it has learned by the way, such as
 * epochs that nobody fenced with, doesn't. A commit is over when the call is, so a fence has nothing to wait for.
 */
final class SimulatedChunks implements OwnChunks {
    /** What is on a disk. */
    static final class Content {
        final DiskId id;
        final TreeMap<Key, Stored> chunks = new TreeMap<>(Key.ORDER);
        final Map<VolumeId, Long> epochs = new HashMap<>();
        long sequence;

        Content(DiskId id) {
            this.id = id;
        }

        Content copy() {
            Content copy = new Content(id);
            copy.chunks.putAll(chunks);
            copy.epochs.putAll(epochs);
            copy.sequence = sequence;
            return copy;
        }

        boolean has(VolumeId volume, ExtentId extent, int index) {
            return chunks.containsKey(new Key(extent, volume, index));
        }
    }

    record Key(ExtentId extent, VolumeId volume, int index) {
        static final Comparator<Key> ORDER =
                Comparator.comparing(Key::extent).thenComparing(Key::volume).thenComparingInt(Key::index);

        static Key of(ChunkAddress address) {
            return new Key(address.extent(), address.volume(), address.index());
        }
    }

    record Stored(ChunkDescriptor descriptor, byte[] bytes) {}

    /** What happens around each call: it may fail, and others may do something first. */
    interface Surroundings {
        void call(SimulatedChunks store) throws ChunkException;
    }

    private final Map<DiskId, Content> disks = new LinkedHashMap<>();
    private final Map<VolumeId, Long> epochs = new HashMap<>();
    private final Surroundings surroundings;
    private final boolean fences;

    /** @param fences false breaks them, to see that it matters */
    SimulatedChunks(List<Content> contents, Surroundings surroundings, boolean fences) {
        this.surroundings = surroundings;
        this.fences = fences;
        for (Content content : contents) {
            disks.put(content.id, content);
            content.epochs.forEach((volume, epoch) -> epochs.merge(volume, epoch, Math::max));
        }
    }

    private Content disk(DiskId id) throws ChunkException {
        Content content = disks.get(id);
        if (content == null) {
            throw new ChunkException(ChunkError.DISK_FAILED, "disk " + id + " isn't here");
        }
        return content;
    }

    private Content diskOf(ChunkAddress chunk) throws ChunkException {
        surroundings.call(this);
        Content disk = disk(chunk.disk());
        requireCurrent(chunk);
        return disk;
    }

    private void requireCurrent(ChunkAddress chunk) throws ChunkException {
        long known = epochs.merge(chunk.volume(), chunk.volumeEpoch(), Math::max);
        if (known > chunk.volumeEpoch()) {
            throw new ChunkException(ChunkError.STALE_EPOCH, "at epoch " + known);
        }
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        if (diskOf(descriptor.address()).chunks.containsKey(Key.of(descriptor.address()))) {
            throw new ChunkException(ChunkError.EXISTS, "exists");
        }
        return new Writer(descriptor);
    }

    @Override
    public ChunkWriter replace(ChunkDescriptor descriptor) throws ChunkException {
        diskOf(descriptor.address());
        return new Writer(descriptor);
    }

    private final class Writer implements ChunkWriter {
        private final ChunkDescriptor descriptor;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final BlockChecksums sums = new BlockChecksums();

        Writer(ChunkDescriptor descriptor) {
            this.descriptor = descriptor;
        }

        @Override
        public void write(ByteBuffer data) throws ChunkException {
            surroundings.call(SimulatedChunks.this);
            sums.update(data.duplicate());
            byte[] piece = new byte[data.remaining()];
            data.get(piece);
            bytes.writeBytes(piece);
        }

        @Override
        public CompletableFuture<Void> commit(int[] blockChecksums) {
            try {
                Content disk = diskOf(descriptor.address());
                if (bytes.size() != descriptor.length() || !Arrays.equals(sums.result(), blockChecksums)) {
                    throw new ChunkException(ChunkError.CHECKSUM_MISMATCH, "not what was sent");
                }
                disk.chunks.put(Key.of(descriptor.address()), new Stored(descriptor, bytes.toByteArray()));
                disk.sequence++;
                surroundings.call(SimulatedChunks.this); // it may end before the answer leaves
                return CompletableFuture.completedFuture(null);
            } catch (ChunkException e) {
                return CompletableFuture.failedFuture(e);
            }
        }

        @Override
        public void close() {}
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        Stored stored = diskOf(chunk).chunks.get(Key.of(chunk));
        if (stored == null) {
            throw new ChunkException(ChunkError.NOT_FOUND, "no such chunk");
        }
        target.put(stored.bytes(), (int) offset, target.remaining());
    }

    @Override
    public boolean delete(ChunkAddress chunk) throws ChunkException {
        Content disk = diskOf(chunk);
        boolean existed = disk.chunks.remove(Key.of(chunk)) != null;
        disk.sequence += existed ? 1 : 0;
        return existed;
    }

    @Override
    public List<Deletion> deleteAll(List<ChunkAddress> chunks) {
        List<Deletion> deletions = new ArrayList<>();
        for (ChunkAddress chunk : chunks) {
            try {
                deletions.add(delete(chunk) ? Deletion.DELETED : Deletion.ABSENT);
            } catch (ChunkException e) {
                deletions.add(Deletion.failed(e));
            }
        }
        return deletions;
    }

    @Override
    public boolean has(ChunkAddress chunk) throws ChunkException {
        return diskOf(chunk).chunks.containsKey(Key.of(chunk));
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException {
        surroundings.call(this);
        return disk(disk).chunks.values().stream()
                .map(Stored::descriptor)
                .filter(chunk -> after == null || chunk.address().extent().compareTo(after) > 0)
                .filter(chunk -> chunk.address().extent().birthMillis() < bornBeforeMillis)
                .limit(limit)
                .toList();
    }

    /** Pages of two, so that comparisons have many steps. */
    @Override
    public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit)
            throws ChunkException {
        surroundings.call(this);
        List<ChunkDescriptor> rest = disk(disk).chunks.values().stream()
                .map(Stored::descriptor)
                .filter(chunk -> chunk.address().volume().equals(volume))
                .filter(chunk -> after == null || chunk.address().extent().compareTo(after) > 0)
                .toList();
        if (rest.size() <= 2) {
            return new ChunkPage(rest, null);
        }
        ExtentId second = rest.get(1).address().extent();
        List<ChunkDescriptor> page = rest.stream()
                .filter(chunk -> chunk.address().extent().compareTo(second) <= 0)
                .toList();
        return new ChunkPage(page, page.size() == rest.size() ? null : second);
    }

    @Override
    public void fence(DiskId disk, VolumeId volume, long epoch) throws ChunkException {
        surroundings.call(this);
        Content content = disk(disk);
        if (!fences) {
            return;
        }
        long known = epochs.merge(volume, epoch, Math::max);
        if (known > epoch) {
            throw new ChunkException(ChunkError.STALE_EPOCH, "at epoch " + known);
        }
        content.epochs.merge(volume, epoch, Math::max);
        content.sequence++;
    }

    @Override
    public List<DiskStatus> disks() throws ChunkException {
        surroundings.call(this);
        return disks.values().stream()
                .map(disk ->
                        new DiskStatus(disk.id, "/" + disk.id, Disk.State.HEALTHY, 1000, 900, 0, disk.sequence, ""))
                .toList();
    }
}
