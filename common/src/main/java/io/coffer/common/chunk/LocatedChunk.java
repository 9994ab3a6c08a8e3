package io.coffer.common.chunk;

import java.nio.ByteBuffer;

/**
 * Where a chunk's bytes are, for readers on the same host: in a file that begins with {@code guard} for as long as they are there. So
 * whoever compares the guard after having read knows that nothing else was written over them.
 *
 * @param path absolute; empty if no other process finds it
 * @param offset of the first byte in the file
 * @param length of the chunk, in bytes
 * @param checksums CRC32C of each 64 KiB block
 * @param guard at least {@value #MIN_GUARD_BYTES} bytes that no other file has, and this one only until the space is used again
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record LocatedChunk(String path, long offset, long length, int[] checksums, ByteBuffer guard) {
    /** Fewer could be those of another file. */
    public static final int MIN_GUARD_BYTES = 64;
}
