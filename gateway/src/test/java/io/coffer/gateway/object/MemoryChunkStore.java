package io.coffer.gateway.object;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Chunks in memory, on disks that a test can fail in chosen ways. */
final class MemoryChunkStore implements ChunkStore {
    /** Where a disk fails. */
    enum Fault {
        CREATE,
        WRITE,
        COMMIT,
        COMMIT_STALE,
        READ_CORRUPT,
        UNAVAILABLE,
        READ_HANGS
    }

    private record Place(DiskId disk, ExtentId extent, int index) {}

    final Map<DiskId, Set<Fault>> faults = new ConcurrentHashMap<>();
    private final Map<Place, byte[]> chunks = new ConcurrentHashMap<>();

    /** Where a chunk was begun last. */
    @Nullable
    DiskId opened;

    /** Since the test began. */
    final LongAdder bytesRead = new LongAdder();

    /** What reads that hang wait for. */
    final CountDownLatch thaw = new CountDownLatch(1);

    int chunksOn(DiskId disk) {
        return (int) chunks.keySet().stream()
                .filter(place -> place.disk().equals(disk))
                .count();
    }

    /** Changes a bit of every chunk. */
    void tamper(int offset) {
        chunks.values().forEach(bytes -> bytes[offset] ^= 1);
    }

    void clear() {
        chunks.clear();
        faults.clear();
    }

    int chunks() {
        return chunks.size();
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        ChunkAddress address = descriptor.address();
        opened = address.disk();
        failIf(address.disk(), Fault.CREATE, ChunkError.DISK_FULL);
        failIf(address.disk(), Fault.UNAVAILABLE, ChunkError.UNAVAILABLE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BlockChecksums sums = new BlockChecksums();
        return new ChunkWriter() {
            @Override
            public void write(ByteBuffer data) throws ChunkException {
                failIf(address.disk(), Fault.WRITE, ChunkError.DISK_FAILED);
                failIf(address.disk(), Fault.UNAVAILABLE, ChunkError.UNAVAILABLE);
                sums.update(data.duplicate());
                byte[] piece = new byte[data.remaining()];
                data.get(piece);
                bytes.writeBytes(piece);
            }

            @Override
            public CompletableFuture<Void> commit(int[] blockChecksums) {
                try {
                    failIf(address.disk(), Fault.COMMIT, ChunkError.DISK_FAILED);
                    failIf(address.disk(), Fault.COMMIT_STALE, ChunkError.STALE_EPOCH);
                    failIf(address.disk(), Fault.UNAVAILABLE, ChunkError.UNAVAILABLE);
                    if (!java.util.Arrays.equals(sums.result(), blockChecksums)) {
                        throw new ChunkException(ChunkError.CHECKSUM_MISMATCH, "sums differ");
                    }
                    if (bytes.size() != descriptor.length()) {
                        throw new ChunkException(ChunkError.CHECKSUM_MISMATCH, "length differs");
                    }
                } catch (ChunkException e) {
                    return CompletableFuture.failedFuture(e);
                }
                chunks.put(place(address), bytes.toByteArray());
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        failIf(chunk.disk(), Fault.READ_CORRUPT, ChunkError.CORRUPT);
        failIf(chunk.disk(), Fault.UNAVAILABLE, ChunkError.UNAVAILABLE);
        boolean hangs = faults.getOrDefault(chunk.disk(), Set.of()).contains(Fault.READ_HANGS);
        if (hangs) {
            awaitThaw();
        }
        byte[] bytes = chunks.get(place(chunk));
        if (bytes == null) {
            throw new ChunkException(ChunkError.NOT_FOUND, "no such chunk");
        }
        bytesRead.add(target.remaining());
        target.put(bytes, (int) offset, target.remaining());
    }

    @Override
    public boolean delete(ChunkAddress chunk) {
        return chunks.remove(place(chunk)) != null;
    }

    @Override
    public List<Deletion> deleteAll(List<ChunkAddress> chunks) {
        return chunks.stream()
                .map(chunk -> delete(chunk) ? Deletion.DELETED : Deletion.ABSENT)
                .toList();
    }

    @Override
    public boolean has(ChunkAddress chunk) {
        return chunks.containsKey(place(chunk));
    }

    @Override
    public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit) {
        throw new AssertionError("not used here");
    }

    @Override
    public void fence(DiskId disk, VolumeId volume, long epoch) {
        throw new AssertionError("not used here");
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit) {
        throw new AssertionError("not used here");
    }

    @Override
    public List<DiskStatus> disks() {
        throw new AssertionError("not used here");
    }

    private void awaitThaw() {
        try {
            thaw.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void failIf(DiskId disk, Fault fault, ChunkError error) throws ChunkException {
        if (faults.getOrDefault(disk, Set.of()).contains(fault)) {
            throw new ChunkException(error, "told to fail");
        }
    }

    private static Place place(ChunkAddress address) {
        return new Place(address.disk(), address.extent(), address.index());
    }
}
