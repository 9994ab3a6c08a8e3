package io.coffer.common.chunk;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chunks of one node's disks, called directly in one process or over the network. Thread-safe. */
public interface ChunkStore {
    /**
     * Reserves room for a chunk and opens a writer.
     *
     * @throws ChunkException if the disk is full, failed or unknown, the epoch is stale or the chunk exists
     */
    ChunkWriter create(ChunkDescriptor descriptor) throws ChunkException;

    /**
     * Fills {@code target} with the chunk's bytes from {@code offset}. Every block that is touched is verified first: the
     * buffer's content counts only when the call returns. Reads that start and end on 64 KiB borders (or at the chunk's end)
     * need no extra copy.
     *
     * @throws ChunkException NOT_FOUND, CORRUPT, DISK_FAILED, STALE_EPOCH, UNAVAILABLE
     */
    void read(ChunkAddress chunk, long offset, ByteBuffer target) throws ChunkException;

    /**
     * Deletes a chunk; idempotent. Its space comes back later. Works on a full disk.
     *
     * @return whether it was there
     */
    boolean delete(ChunkAddress chunk) throws ChunkException;

    /**
     * The chunks of a disk in ascending order of extent id, for the comparison with metadata.
     *
     * @param after exclusive start, or null for the first page
     * @param bornBeforeMillis only extents born earlier than this
     * @param limit at most 10,000
     */
    List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException;

    /** The disk's state and space as it is now. */
    List<DiskStatus> disks();
}
