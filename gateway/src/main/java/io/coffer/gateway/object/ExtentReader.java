package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.gateway.client.ClusterMapCache;
import io.coffer.gateway.placement.VolumePlacement;
import io.coffer.gateway.s3.error.S3Exception;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads verified bytes of an extent from whichever member has them whole, and reports the members that haven't. Thread-safe.
 */
final class ExtentReader {
    private static final Logger LOG = LoggerFactory.getLogger(ExtentReader.class);

    private final ClusterMapCache maps;
    private final ChunkStores stores;
    private final RepairRequests repairs;
    private final AtomicLong turns = new AtomicLong();

    ExtentReader(ClusterMapCache maps, ChunkStores stores, RepairRequests repairs) {
        this.maps = maps;
        this.stores = stores;
        this.repairs = repairs;
    }

    /** Fills {@code target} from {@code offset} inside the slice. Throws the last member's failure when no member can. */
    void read(ExtentSlice slice, long offset, ByteBuffer target) throws ChunkException, S3Exception {
        ClusterMap map = maps.get();
        Volume volume = map.volumes().get(slice.volume());
        if (volume == null) {
            map = maps.refresh();
            volume = map.volumes().get(slice.volume());
        }
        if (volume == null) {
            throw new ChunkException(ChunkError.NOT_FOUND, "unknown volume " + slice.volume());
        }
        try {
            readFromAny(map, volume, slice, offset, target);
        } catch (ChunkException e) {
            if (e.error() != ChunkError.STALE_EPOCH) {
                throw e;
            }
            ClusterMap fresh = maps.refresh();
            Volume moved = fresh.volumes().get(slice.volume());
            readFromAny(fresh, moved == null ? volume : moved, slice, offset, target);
        }
    }

    private void readFromAny(ClusterMap map, Volume volume, ExtentSlice slice, long offset, ByteBuffer target)
            throws ChunkException {
        int start = target.position();
        List<Integer> order = VolumePlacement.readOrder(map, volume, turns.getAndIncrement());
        ChunkException last = null;
        for (int index : order) {
            Member member = volume.members().get(index);
            try {
                ChunkStore store = stores.of(member.node())
                        .orElseThrow(() -> new ChunkException(ChunkError.UNAVAILABLE, "unknown node " + member.node()));
                target.position(start);
                store.read(
                        new ChunkAddress(member.disk(), volume.id(), volume.epoch(), slice.extent(), index),
                        slice.offset() + offset,
                        target);
                return;
            } catch (ChunkException e) {
                last = e;
                if (e.error() == ChunkError.CORRUPT || e.error() == ChunkError.NOT_FOUND) {
                    LOG.warn("extent {} is {} on disk {}", slice.extent(), e.error(), member.disk());
                    if (order.size() > 1) {
                        repairs.report(volume, slice.extent(), index);
                    }
                }
            }
        }
        throw last != null ? last : new ChunkException(ChunkError.NOT_FOUND, "a volume without members");
    }
}
