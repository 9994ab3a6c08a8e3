package io.coffer.metaserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ExtentId;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the chunks of extents, wherever they are. */
final class Chunks {
    private static final Logger LOG = LoggerFactory.getLogger(Chunks.class);

    private final ChunkStores stores;

    Chunks(ChunkStores stores) {
        this.stores = stores;
    }

    /** What became of a deletion. */
    enum Deletion {
        /** The chunk isn't there any more, or nobody will ever read it from there. */
        GONE,
        /** The disk can't say now. */
        UNKNOWN
    }

    /** Deletes an extent's chunk of every member; {@code GONE} if none is left. */
    Deletion delete(Volume volume, ExtentId extent) {
        Deletion all = Deletion.GONE;
        for (int index = 0; index < volume.members().size(); index++) {
            Member member = volume.members().get(index);
            ChunkAddress chunk = new ChunkAddress(member.disk(), volume.id(), volume.epoch(), extent, index);
            if (delete(member, chunk) == Deletion.UNKNOWN) {
                all = Deletion.UNKNOWN;
            }
        }
        return all;
    }

    Deletion delete(Member member, ChunkAddress chunk) {
        Optional<ChunkStore> store = stores.of(member.node());
        if (store.isEmpty()) {
            return Deletion.UNKNOWN;
        }
        try {
            store.get().delete(chunk);
            return Deletion.GONE;
        } catch (ChunkException e) {
            // A failed disk's chunks are rebuilt elsewhere; should it come back, the orphan collector finds this one.
            if (e.error() == ChunkError.NOT_FOUND || e.error() == ChunkError.DISK_FAILED) {
                return Deletion.GONE;
            }
            LOG.debug("could not delete {} on disk {}: {}", chunk.extent(), chunk.disk(), e.getMessage());
            return Deletion.UNKNOWN;
        }
    }

    /** The store of the node that has the disk; empty if it can't be reached. */
    Optional<ChunkStore> of(Disk disk) {
        return stores.of(disk.node());
    }
}
