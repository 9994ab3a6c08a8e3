package io.coffer.common.chunk;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The chunks of one node's disks, called directly in one process or over the network. Thread-safe. */
public interface ChunkStore {
    /** Chunks of a page. */
    int MAX_PAGE = 10_000;

    /** Chunks deleted with one call. */
    int MAX_DELETES = 1000;

    /**
     * Reserves room for a chunk and opens a writer. A store in another process may not have answered yet when this returns: its refusal
     * comes with {@link ChunkWriter#opened} and with every later call.
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
     * Deletes chunks side by side, so that they share syncs and round trips.
     *
     * @param chunks at most {@value #MAX_DELETES}
     * @return what became of each, in the same order
     */
    List<Deletion> deleteAll(List<ChunkAddress> chunks);

    /** Whether the disk has the chunk, be it damaged or not. */
    boolean has(ChunkAddress chunk) throws ChunkException;

    /**
     * The chunks of a disk in ascending order of extent id, for the comparison with metadata.
     *
     * @param after exclusive start, or null for the first page
     * @param bornBeforeMillis only extents born earlier than this
     * @param limit at most {@value #MAX_PAGE}
     */
    List<ChunkDescriptor> list(DiskId disk, @Nullable ExtentId after, long bornBeforeMillis, int limit)
            throws ChunkException;

    /**
     * The chunks of one volume on a disk in ascending order of extent id, for the comparison of members. To begin at a time, {@code after}
     * is {@link ExtentId#lastBefore}.
     *
     * @param limit at most {@value #MAX_PAGE}; a page ends between extents, so it may be a few chunks longer
     */
    ChunkPage listVolume(DiskId disk, VolumeId volume, @Nullable ExtentId after, int limit) throws ChunkException;

    /**
     * Lets the disk know of a volume's epoch, durably, and waits until every commit that began under an older one is over. Nothing
     * older is committed afterwards, and a list shows all that was.
     *
     * <p>A disk that takes no writes learns the epoch in memory only: it has no commits to stop, and learns it again from the first
     * request after it was mounted anew.
     *
     * @throws ChunkException STALE_EPOCH if the disk knows a newer one
     */
    void fence(DiskId disk, VolumeId volume, long epoch) throws ChunkException;

    /** The disk's state and space as it is now. */
    List<DiskStatus> disks() throws ChunkException;
}
