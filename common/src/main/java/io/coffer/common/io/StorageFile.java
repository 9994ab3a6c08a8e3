package io.coffer.common.io;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file with positional I/O only. Thread-safe: calls on disjoint ranges don't wait for each other, and closing
 * waits for calls that are under way. A call after close is a {@link java.nio.channels.ClosedChannelException}.
 */
public interface StorageFile extends Closeable {

    /** Reads at least one byte unless {@code target} is full; may read fewer than fit. -1 at or past the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Fills {@code target}, or throws {@link EOFException} with what there was already in it. */
    default void readFully(ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int count = read(target, at);
            if (count < 0) {
                throw new EOFException("end of file at " + at + ", " + target.remaining() + " bytes short");
            }
            at += count;
        }
    }

    /**
     * Fills {@code target} with bytes that the system has in memory: a disk that hangs holds up nobody who reads like this.
     *
     * @return false if it would have to wait for the disk, can't tell, or the file ends earlier; then the target's position and content are
     *     undefined
     */
    default boolean readCached(ByteBuffer target, long position) throws IOException {
        return false;
    }

    /**
     * Writes all that remains in {@code source}; past the end, the file grows and the gap reads as zeros. When it throws, any
     * part may have been written, and where {@code source} stands is undefined.
     */
    void write(ByteBuffer source, long position) throws IOException;

    /** What {@link #writeUncached} wants positions, lengths and memory addresses to be multiples of. */
    int UNCACHED_ALIGNMENT = 4096;

    /**
     * Like {@link #write}, and leaves nothing in the page cache where the system and the alignment allow it: for long runs
     * that nobody reads soon, because memory for the cache costs more than the write. Waits for the disk then, and is as little
     * durable before {@link #sync} as any other write.
     */
    default void writeUncached(ByteBuffer source, long position) throws IOException {
        write(source, position);
    }

    /**
     * Makes everything written so far durable, the size included (fdatasync). After a failure the bytes written since
     * the last success are in doubt for ever: a later success says nothing about them.
     */
    void sync() throws IOException;

    long size() throws IOException;

    /** Cuts the file to, or extends it with zeros to, {@code size}. */
    void truncate(long size) throws IOException;

    /** Reserves the range on disk so that writing it can't run out of space. Grows the file; keeps what is there. */
    void allocate(long position, long length) throws IOException;

    /**
     * Makes the range read as zeros, and gives its blocks back where {@link #supportsPunchHole}. Never changes the size.
     */
    void punchHole(long position, long length) throws IOException;

    boolean supportsPunchHole();

    /** Idempotent. Does not sync. */
    @Override
    void close() throws IOException;
}
