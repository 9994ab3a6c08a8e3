package io.coffer.common.chunk;

import io.coffer.common.cluster.ProtectionScheme;

/**
 * What is stored beside a chunk's bytes, enough to rebuild metadata-free: its address, scheme and lengths.
 *
 * @param length bytes of this chunk
 * @param extentLength bytes of the whole extent; equal to {@code length} for a whole copy
 */
public record ChunkDescriptor(ChunkAddress address, ProtectionScheme scheme, long length, long extentLength) {
    /** The longest chunk, in bytes: an extent's limit. */
    public static final long MAX_LENGTH = 64L << 20;

    public ChunkDescriptor {
        if (length < 0 || length > MAX_LENGTH || extentLength < length || extentLength > MAX_LENGTH) {
            throw new IllegalArgumentException("bad chunk length " + length + " of " + extentLength);
        }
    }
}
