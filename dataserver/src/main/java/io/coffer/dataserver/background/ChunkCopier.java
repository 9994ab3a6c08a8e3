package io.coffer.dataserver.background;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import io.coffer.dataserver.chunk.OwnChunks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies chunks of replicated volumes from other places to this node. Runs on the caller's thread and blocks; one copy at a time per
 * instance.
 */
final class ChunkCopier {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkCopier.class);
    private static final int PIECE_BYTES = 1 << 20;

    /** An extent rarely has more than one chunk on a disk. */
    private static final int PAGE_OF_ONE_EXTENT = 8;

    private final OwnChunks own;
    private final ChunkStores stores;
    private final ByteBuffer piece = ByteBuffer.allocateDirect(PIECE_BYTES);

    ChunkCopier(OwnChunks own, ChunkStores stores) {
        this.own = own;
        this.stores = stores;
    }

    /** A place that may have a volume's chunks, under a member's index. */
    record Source(int index, Member.Place place) {
        ChunkAddress chunk(Volume volume, ExtentId extent) {
            return new ChunkAddress(place.disk(), volume.id(), volume.epoch(), extent, index);
        }
    }

    /** How a copy ended. */
    enum Outcome {
        /** It is durable here. */
        COPIED,
        /** The source has no such chunk. */
        ABSENT,
        /** The source may have it and can't be read now. */
        UNREADABLE
    }

    /** Where else a member's chunks may be: on the other members, and on disks that had slots before. */
    static List<Source> sources(Volume volume, int index) {
        List<Source> sources = new ArrayList<>();
        List<Source> previous = new ArrayList<>();
        for (int other = 0; other < volume.members().size(); other++) {
            Member member = volume.members().get(other);
            if (other != index) {
                sources.add(new Source(other, member.place()));
            }
            if (member.previous() != null) {
                previous.add(new Source(other, member.previous()));
            }
        }
        sources.addAll(previous);
        return sources;
    }

    ChunkStore store(Source source) throws ChunkException {
        return stores.of(source.place().node())
                .orElseThrow(() -> new ChunkException(
                        ChunkError.UNAVAILABLE, "unknown node " + source.place().node()));
    }

    /**
     * Copies an extent's chunk to a member of this node, over whatever is there.
     *
     * @throws ChunkException if this node's disk can't take it
     */
    synchronized Outcome copy(Volume volume, Source source, int index, ExtentId extent) throws ChunkException {
        try {
            ChunkStore store = reached(source);
            Optional<ChunkDescriptor> found = find(store, source.chunk(volume, extent));
            return found.isPresent() ? copy(volume, source, index, found.get()) : Outcome.ABSENT;
        } catch (SourceException e) {
            return unreadable(extent, source, e);
        }
    }

    private static Outcome unreadable(ExtentId extent, Source source, SourceException e) {
        LOG.warn(
                "extent {} can't be read from disk {}: {}",
                extent,
                source.place().disk(),
                e.getMessage());
        return Outcome.UNREADABLE;
    }

    private ChunkStore reached(Source source) throws SourceException {
        try {
            return store(source);
        } catch (ChunkException e) {
            throw new SourceException(e);
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

    /** The id just below, so that a page behind it begins with the extent. */
    private static ExtentId before(ExtentId extent) {
        return extent.low() == 0 ? new ExtentId(extent.high() - 1, -1) : new ExtentId(extent.high(), extent.low() - 1);
    }

    /**
     * The same for a chunk that the source has listed.
     *
     * @throws ChunkException if this node's disk can't take it
     */
    synchronized Outcome copy(Volume volume, Source source, int index, ChunkDescriptor found) throws ChunkException {
        ExtentId extent = found.address().extent();
        ChunkAddress target =
                new ChunkAddress(volume.members().get(index).disk(), volume.id(), volume.epoch(), extent, index);
        ChunkDescriptor descriptor = new ChunkDescriptor(target, found.scheme(), found.length(), found.extentLength());
        BlockChecksums checksums = new BlockChecksums();
        try {
            ChunkStore store = reached(source);
            try (ChunkWriter writer = own.replace(descriptor)) {
                for (long offset = 0; offset < found.length(); offset += piece.capacity()) {
                    piece.clear().limit((int) Math.min(piece.capacity(), found.length() - offset));
                    read(store, source.chunk(volume, extent), offset);
                    piece.flip();
                    checksums.update(piece.duplicate());
                    writer.write(piece);
                }
                writer.commit(checksums.result()).get();
                return Outcome.COPIED;
            }
        } catch (SourceException e) {
            return e.isAbsent() ? Outcome.ABSENT : unreadable(extent, source, e);
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

        private final ChunkError error;

        SourceException(ChunkException cause) {
            super(cause.getMessage(), cause);
            this.error = cause.error();
        }

        /** It was deleted. */
        boolean isAbsent() {
            return error == ChunkError.NOT_FOUND;
        }
    }
}
