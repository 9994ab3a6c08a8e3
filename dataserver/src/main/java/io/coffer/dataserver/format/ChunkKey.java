package io.coffer.dataserver.format;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.util.Comparator;

/** A chunk within one disk. Keys sort by the birth of their extent. */
public record ChunkKey(ExtentId extent, VolumeId volume, int index) implements Comparable<ChunkKey> {
    private static final Comparator<ChunkKey> ORDER = Comparator.comparing(ChunkKey::extent)
            .thenComparing(ChunkKey::volume)
            .thenComparingInt(ChunkKey::index);

    public ChunkKey {
        if (index < 0) {
            throw new IllegalArgumentException("negative member index " + index);
        }
    }

    public static ChunkKey of(ChunkAddress address) {
        return new ChunkKey(address.extent(), address.volume(), address.index());
    }

    public ChunkAddress on(DiskId disk, long volumeEpoch) {
        return new ChunkAddress(disk, volume, volumeEpoch, extent, index);
    }

    @Override
    public int compareTo(ChunkKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "chunk " + extent + "/" + index + " of volume " + volume.value();
    }
}
