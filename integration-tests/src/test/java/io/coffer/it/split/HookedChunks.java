package io.coffer.it.split;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chunk store that lets a test step in before a chunk is read or written. */
final class HookedChunks implements ChunkStore {
    private static final Hook NOTHING = chunk -> {};

    private final ChunkStore store;
    private volatile Hook beforeRead = NOTHING;
    private volatile Hook beforeWrite = NOTHING;

    /** What happens first. */
    @FunctionalInterface
    interface Hook {
        void run(ChunkAddress chunk) throws ChunkException;
    }

    HookedChunks(ChunkStore store) {
        this.store = store;
    }

    void beforeRead(Hook hook) {
        beforeRead = hook;
    }

    void beforeWrite(Hook hook) {
        beforeWrite = hook;
    }

    void unhook() {
        beforeRead = NOTHING;
        beforeWrite = NOTHING;
    }

    @Override
    public ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException {
        beforeWrite.run(descriptor.address());
        return store.create(descriptor);
    }

    @Override
    public void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException {
        beforeRead.run(chunk);
        store.read(chunk, offset, target);
    }

    @Override
    public boolean delete(ChunkAddress chunk) throws ChunkException {
        return store.delete(chunk);
    }

    @Override
    public List<Deletion> deleteAll(List<ChunkAddress> chunks) {
        return store.deleteAll(chunks);
    }

    @Override
    public boolean has(ChunkAddress chunk) throws ChunkException {
        return store.has(chunk);
    }

    @Override
    public List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException {
        return store.list(disk, after, bornBeforeMillis, limit);
    }

    @Override
    public ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit)
            throws ChunkException {
        return store.listVolume(disk, volume, after, limit);
    }

    @Override
    public void fence(DiskId disk, VolumeId volume, long epoch) throws ChunkException {
        store.fence(disk, volume, epoch);
    }

    @Override
    public List<DiskStatus> disks() throws ChunkException {
        return store.disks();
    }
}
