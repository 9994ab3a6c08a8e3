package io.coffer.common.chunk;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/**
 * Writes one chunk. Used by one thread at a time. Closing without a completed {@link #commit} gives the space back and
 * leaves nothing readable.
 */
public interface ChunkWriter extends AutoCloseable {
    /**
     * Completes when the store has room reserved; fails with {@link ChunkException} when it refused. Nobody has to wait for it: bytes may
     * be on their way before.
     */
    default CompletableFuture<Void> opened() {
        return CompletableFuture.completedFuture(null);
    }

    /**
     * Appends the buffer's remaining bytes; the buffer is consumed and may be used again at once.
     *
     * @throws ChunkException if the disk can't take them; the writer is then dead
     */
    void write(ByteBuffer data) throws ChunkException;

    /**
     * Makes the chunk durable and readable. The descriptor's length must have been written exactly.
     *
     * @param blockChecksums CRC32C of every 64 KiB block as the sender computed them; compared with what arrived
     * @return completes after the fsync that covers the chunk; fails with {@link ChunkException}
     */
    CompletableFuture<Void> commit(int[] blockChecksums);

    @Override
    void close();
}
