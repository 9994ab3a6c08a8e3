package io.coffer.dataserver.chunk;

import io.coffer.common.io.BufferPool;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.RecordLayout;

/**
 * The buffers that the disks of one store share.
 *
 * @param staging of short records while they are collected
 * @param reading of blocks that are wanted in part, and of tables
 * @param writing of long records, one piece each
 */
public record ChunkMemory(BufferPool staging, BufferPool reading, BufferPool writing) {
    private static final int BUFFER_BYTES = Math.toIntExact(RecordLayout.recordBytes(RecordLayout.MAX_STAGED_BYTES));

    /** Half is for staging: a chunk that finds no buffer there is refused; one that finds none in the others waits, or does without. */
    private static final int STAGING_PART = 2;

    private static final int READING_PART = 6;

    public ChunkMemory {
        if (writing.bufferBytes() % RecordLayout.ALIGNMENT != 0) {
            throw new IllegalArgumentException("long writes must be whole pages, not " + writing.bufferBytes());
        }
    }

    public static ChunkMemory of(long bytes) {
        return of(bytes, Limits.LONG_WRITE_BYTES);
    }

    /** @param longWriteBytes what is written of a long record at a time */
    static ChunkMemory of(long bytes, int longWriteBytes) {
        long staging = bytes / STAGING_PART;
        long reading = bytes / READING_PART;
        return new ChunkMemory(
                BufferPool.ofTotalBytes(BUFFER_BYTES, staging),
                BufferPool.ofTotalBytes(BUFFER_BYTES, reading),
                BufferPool.ofTotalBytes(longWriteBytes, bytes - staging - reading));
    }

    /** Whether a chunk of this length is written past the page cache. */
    boolean isLong(long length) {
        return length >= (long) Limits.MIN_LONG_WRITES * writing.bufferBytes();
    }

    /** What exists of the buffers. */
    public long allocatedBytes() {
        return staging.allocatedBytes() + reading.allocatedBytes() + writing.allocatedBytes();
    }
}
