package io.coffer.common.chunk;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;

/**
 * One chunk on one disk.
 *
 * @param volumeEpoch the epoch of the caller's cluster map; a disk that knows a newer one refuses with {@link ChunkError#STALE_EPOCH}
 * @param index the member's position in the volume: which copy or which coded piece
 */
public record ChunkAddress(DiskId disk, VolumeId volume, long volumeEpoch, ExtentId extent, int index) {}
