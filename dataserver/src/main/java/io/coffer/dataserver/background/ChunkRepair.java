package io.coffer.dataserver.background;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.dataserver.chunk.OwnChunks;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a damaged or missing copy of a chunk again, from another place that has it. For replicated volumes. Runs on the caller's
 * thread and blocks; one repair at a time per instance.
 */
public final class ChunkRepair {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkRepair.class);

    private final ChunkCopier copier;
    private final Supplier<ClusterMap> maps;

    /** @param own where the copy is written; other places are reached through the stores */
    public ChunkRepair(OwnChunks own, ChunkStores stores, Supplier<ClusterMap> maps) {
        this.copier = new ChunkCopier(own, stores);
        this.maps = maps;
    }

    /** How a repair ended. */
    public enum Result {
        /** The copy is durable. */
        REPAIRED,
        /** No other place has the chunk: it was deleted, or never finished. */
        GONE,
        /** A place that may have it can't be read now; worth trying again. */
        NO_SOURCE,
        /** The disk isn't that member of the volume any more, or the volume isn't replicated. */
        NOT_OURS
    }

    /**
     * Rewrites one chunk, whatever state its copy here is in.
     *
     * @throws ChunkException if this node's disk can't take it
     */
    public Result repair(ChunkAddress damaged) throws ChunkException {
        Volume volume = maps.get().volumes().get(damaged.volume());
        if (volume == null || !isMember(volume, damaged) || !(volume.scheme() instanceof ProtectionScheme.Replicated)) {
            return Result.NOT_OURS;
        }
        boolean unreadable = false;
        for (ChunkCopier.Source source : ChunkCopier.sources(volume, damaged.index())) {
            switch (copier.copy(volume, source, damaged.index(), damaged.extent())) {
                case COPIED -> {
                    LOG.info(
                            "extent {} of volume {} repaired from disk {}",
                            damaged.extent(),
                            volume.id().value(),
                            source.place().disk());
                    return Result.REPAIRED;
                }
                case UNREADABLE -> unreadable = true;
                case ABSENT -> {
                    // The next one may have it.
                }
            }
        }
        return unreadable ? Result.NO_SOURCE : Result.GONE;
    }

    private static boolean isMember(Volume volume, ChunkAddress chunk) {
        return chunk.index() < volume.members().size()
                && volume.members().get(chunk.index()).disk().equals(chunk.disk());
    }
}
