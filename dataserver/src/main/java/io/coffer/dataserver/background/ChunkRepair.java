package io.coffer.dataserver.background;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.chunk.LocalChunkStore;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a damaged or missing copy of a chunk again, from another member of its volume. For replicated volumes. Runs on the caller's
 * thread and blocks; one repair at a time per instance.
 */
public final class ChunkRepair {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkRepair.class);
    private static final int PIECE_BYTES = 1 << 20;

    private final LocalChunkStore local;
    private final ChunkStores stores;
    private final Supplier<ClusterMap> maps;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

    /** @param local where the copy is written; the members of other nodes are reached through the stores */
    public ChunkRepair(LocalChunkStore local, ChunkStores stores, Supplier<ClusterMap> maps) {
        this.local = local;
        this.stores = stores;
        this.maps = maps;
    }

    /** How a repair ended. */
    public enum Result {
        /** The copy is durable. */
        REPAIRED,
        /** No other member has the chunk: it was deleted, or never finished. */
        GONE,
        /** A member that may have it can't be read now; worth trying again. */
        NO_SOURCE,
        /** The disk isn't that member of the volume any more, or the volume isn't replicated. */
        NOT_OURS
    }

    /**
     * Rewrites one chunk, whatever state its copy here is in.
     *
     * @throws ChunkException if this node's disk can't take it
     */
    public synchronized Result repair(ChunkAddress damaged) throws ChunkException {
        Volume volume = maps.get().volumes().get(damaged.volume());
        if (volume == null || !isMember(volume, damaged) || !(volume.scheme() instanceof ProtectionScheme.Replicated)) {
            return Result.NOT_OURS;
        }
        boolean unreadable = false;
        for (int index = 0; index < volume.members().size(); index++) {
            if (index != damaged.index()) {
                Result result = copyFrom(volume, index, damaged);
                if (result == Result.REPAIRED) {
                    LOG.info("extent {} of volume {} repaired from member {}", damaged.extent(), volume.id(), index);
                    return result;
                }
                unreadable |= result == Result.NO_SOURCE;
            }
        }
        return unreadable ? Result.NO_SOURCE : Result.GONE;
    }

    private static boolean isMember(Volume volume, ChunkAddress chunk) {
        return chunk.index() < volume.members().size()
                && volume.members().get(chunk.index()).disk().equals(chunk.disk());
    }

    private Result copyFrom(Volume volume, int sourceIndex, ChunkAddress damaged) throws ChunkException {
        Member member = volume.members().get(sourceIndex);
        ChunkStore store = stores.of(member.node()).orElse(null);
        if (store == null) {
            return Result.NO_SOURCE;
        }
        ChunkAddress source =
                new ChunkAddress(member.disk(), volume.id(), volume.epoch(), damaged.extent(), sourceIndex);
        try {
            Optional<ChunkDescriptor> found = find(store, source);
            return found.isPresent() ? copy(store, source, found.get(), damaged, volume) : Result.GONE;
        } catch (SourceException e) {
            LOG.warn("extent {} can't be read from disk {}: {}", damaged.extent(), member.disk(), e.getMessage());
            return Result.NO_SOURCE;
        }
    }

    private static Optional<ChunkDescriptor> find(ChunkStore store, ChunkAddress source) throws SourceException {
        try {
            return store.list(source.disk(), before(source.extent()), Long.MAX_VALUE, PAGE_OF_ONE_EXTENT).stream()
                    .filter(chunk -> chunk.address().extent().equals(source.extent())
                            && chunk.address().volume().equals(source.volume())
                            && chunk.address().index() == source.index())
                    .findFirst();
        } catch (ChunkException e) {
            throw new SourceException(e);
        }
    }

    /** An extent rarely has more than one chunk on a disk. */
    private static final int PAGE_OF_ONE_EXTENT = 8;

    /** The id just below, so that a page behind it begins with the extent. */
    private static ExtentId before(ExtentId extent) {
        return extent.low() == 0 ? new ExtentId(extent.high() - 1, -1) : new ExtentId(extent.high(), extent.low() - 1);
    }

    private Result copy(
            ChunkStore store, ChunkAddress source, ChunkDescriptor found, ChunkAddress damaged, Volume volume)
            throws ChunkException, SourceException {
        ChunkAddress target =
                new ChunkAddress(damaged.disk(), volume.id(), volume.epoch(), damaged.extent(), damaged.index());
        ChunkDescriptor descriptor = new ChunkDescriptor(target, found.scheme(), found.length(), found.extentLength());
        BlockChecksums checksums = new BlockChecksums();
        try (ChunkWriter writer = local.replace(descriptor)) {
            for (long offset = 0; offset < found.length(); offset += piece.capacity()) {
                piece.clear().limit((int) Math.min(piece.capacity(), found.length() - offset));
                read(store, source, offset);
                piece.flip();
                checksums.update(piece.duplicate());
                writer.write(piece);
            }
            writer.commit(checksums.result()).get();
            return Result.REPAIRED;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ChunkException known
                    ? known
                    : new ChunkException(ChunkError.DISK_FAILED, "repair failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }

    private void read(ChunkStore store, ChunkAddress source, long offset) throws SourceException {
        try {
            store.read(source, offset, piece);
        } catch (ChunkException e) {
            throw new SourceException(e);
        }
    }

    /** The other side failed, not this node's disk. */
    private static final class SourceException extends Exception {
        private static final long serialVersionUID = 1L;

        SourceException(ChunkException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Begins to bring a member of a volume up to what the others have: after its disk was replaced, or was away. */
    public Rebuild rebuild(VolumeId volume, int index) {
        return new Rebuild(volume, index);
    }

    /** Goes through the chunks of the other members, one member after the other. Used by one thread. */
    public final class Rebuild {
        private static final int PAGE = 1000;

        private final VolumeId volumeId;
        private final int index;
        private int sourceIndex;
        private @Nullable ExtentId after;
        private long copied;
        private long failed;

        private Rebuild(VolumeId volumeId, int index) {
            this.volumeId = volumeId;
            this.index = index;
        }

        /** Chunks copied so far. */
        public long copied() {
            return copied;
        }

        /** Chunks that a member has and that couldn't be copied; another rebuild may. */
        public long failed() {
            return failed;
        }

        /**
         * Copies what is missing, about so many bytes of it.
         *
         * @return the bytes copied, or -1 if there is nothing more to do
         * @throws ChunkException if this node's disk can't take it
         */
        public long step(long budgetBytes) throws ChunkException {
            long bytes = 0;
            while (bytes < budgetBytes) {
                Volume volume = maps.get().volumes().get(volumeId);
                if (volume == null || index >= volume.members().size()) {
                    return -1;
                }
                if (sourceIndex == index) {
                    nextSource();
                }
                if (sourceIndex >= volume.members().size()) {
                    return bytes > 0 ? bytes : -1;
                }
                bytes += copyPage(volume, budgetBytes - bytes);
            }
            return bytes;
        }

        private void nextSource() {
            sourceIndex++;
            after = null;
        }

        private long copyPage(Volume volume, long budgetBytes) throws ChunkException {
            Member source = volume.members().get(sourceIndex);
            List<ChunkDescriptor> page;
            try {
                ChunkStore store = stores.of(source.node())
                        .orElseThrow(() -> new ChunkException(ChunkError.UNAVAILABLE, "unknown " + source.node()));
                page = store.list(source.disk(), after, Long.MAX_VALUE, PAGE);
            } catch (ChunkException e) {
                LOG.warn("disk {} can't be listed for a rebuild: {}", source.disk(), e.getMessage());
                failed++;
                nextSource();
                return 0;
            }
            long bytes = 0;
            for (ChunkDescriptor chunk : page) {
                if (bytes >= budgetBytes) {
                    return bytes; // the rest of the page is listed again
                }
                if (chunk.address().volume().equals(volumeId)) {
                    bytes += copyIfMissing(volume, chunk);
                }
                after = chunk.address().extent();
            }
            if (page.isEmpty()) {
                nextSource();
            }
            return bytes;
        }

        private long copyIfMissing(Volume volume, ChunkDescriptor chunk) throws ChunkException {
            ChunkAddress target = new ChunkAddress(
                    volume.members().get(index).disk(),
                    volumeId,
                    volume.epoch(),
                    chunk.address().extent(),
                    index);
            if (local.has(target)) {
                return 0;
            }
            Result result = repair(target);
            if (result == Result.REPAIRED) {
                copied++;
                return Math.max(1, chunk.length());
            }
            failed += result == Result.NO_SOURCE ? 1 : 0;
            return 0;
        }
    }
}
