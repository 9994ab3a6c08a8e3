package io.coffer.dataserver;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.dataserver.chunk.ChunkCounters;
import java.util.List;

/**
 * Figures of a data server at one moment.
 *
 * @param indexMemoryBytes that the indexes take up
 * @param bufferBytes that were allocated for chunks on their way
 */
public record DataServerStats(List<PerDisk> disks, long indexMemoryBytes, long bufferBytes) {
    public DataServerStats {
        disks = List.copyOf(disks);
    }

    /** One disk's figures; the counters start at zero when it is opened. */
    public record PerDisk(DiskStatus status, ChunkCounters.Snapshot counters) {}
}
