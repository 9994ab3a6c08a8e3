package io.coffer.dataserver.chunk;

import io.coffer.common.io.BufferPool;
import io.coffer.dataserver.format.RecordLayout;

/**
 * The buffers that the disks of one store share.
 *
 * @param staging of short records while they are collected
 * @param reading of blocks that are wanted in part, and of tables
 */
public record ChunkMemory(BufferPool staging, BufferPool reading) {
    private static final int BUFFER_BYTES = Math.toIntExact(RecordLayout.recordBytes(RecordLayout.MAX_STAGED_BYTES));
    private static final int READING_PART = 4;

    public static ChunkMemory of(long bytes) {
        return new ChunkMemory(
                BufferPool.ofTotalBytes(BUFFER_BYTES, bytes - bytes / READING_PART),
                BufferPool.ofTotalBytes(BUFFER_BYTES, bytes / READING_PART));
    }

    /** What exists of the buffers. */
    public long allocatedBytes() {
        return staging.allocatedBytes() + reading.allocatedBytes();
    }
}
