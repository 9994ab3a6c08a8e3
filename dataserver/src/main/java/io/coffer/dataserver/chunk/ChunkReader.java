package io.coffer.dataserver.chunk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.disk.SegmentDamagedException;
import io.coffer.dataserver.format.BlockTable;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.FormatException;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads records where the index says they are, and believes nothing that doesn't verify. Thread-safe. */
final class ChunkReader {
    /** Read and verified in steps, so that the checksums find the bytes in the processor's cache. */
    private static final int STEP_BYTES = 4 * BlockChecksums.BLOCK_SIZE;

    /** Of a segment's header: all that formatting changes, generation and stamp among it. */
    private static final int GUARD_BYTES = 128;

    private static final Duration BUFFER_PATIENCE = Duration.ofSeconds(5);

    private final LocalDisk disk;
    private final BufferPool buffers;

    /** @param buffers of one block and some */
    ChunkReader(LocalDisk disk, BufferPool buffers) {
        this.disk = disk;
        this.buffers = buffers;
    }

    /** How a read ended. */
    enum Result {
        DONE,
        /** The segment has another generation by now. */
        GONE,
        /** The bytes aren't those that were written. */
        MISMATCH
    }

    /** Bytes that were read, or why not; the table is worth keeping. */
    @SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
    record Outcome(Result result, int @Nullable [] table) {
        static final Outcome GONE = new Outcome(Result.GONE, null);
        static final Outcome MISMATCH = new Outcome(Result.MISMATCH, null);
    }

    /**
     * Fills the target from an offset that is in the chunk.
     *
     * @param pieces gets the checksums of what was read, cut at block borders; null if nobody wants them
     * @throws IOException if the disk can't be read; a damaged segment is a mismatch
     */
    Outcome read(ChunkKey key, HotChunks.Hot located, long offset, ByteBuffer target, int @Nullable [] pieces)
            throws IOException {
        ChunkEntry entry = located.entry();
        Segment segment = disk.segment(entry.place().segment());
        if (segment == null) {
            return Outcome.GONE;
        }
        try {
            if (!segment.pin(entry.place().generation())) {
                return Outcome.GONE;
            }
            try {
                int[] checksums = located.table();
                if (checksums == null) {
                    checksums = entry.needsTable() ? table(segment, key, entry) : entry.checksums();
                }
                boolean verified = checksums != null && read(segment, entry, checksums, offset, target, pieces);
                return verified ? new Outcome(Result.DONE, checksums) : Outcome.MISMATCH;
            } finally {
                segment.unpin();
            }
        } catch (SegmentDamagedException | EOFException e) {
            return Outcome.MISMATCH;
        }
    }

    /**
     * Where a chunk's bytes are, or null if they moved meanwhile or can't be found again. Bytes are looked at by whoever reads them.
     */
    @Nullable
    LocatedChunk place(ChunkKey key, HotChunks.Hot located) throws ChunkException {
        ChunkEntry entry = located.entry();
        Segment segment = disk.segment(entry.place().segment());
        try {
            if (segment == null || !segment.pin(entry.place().generation())) {
                return null;
            }
            try {
                int[] checksums = located.table();
                if (checksums == null) {
                    checksums = entry.needsTable() ? table(segment, key, entry) : entry.checksums();
                }
                ByteBuffer guard = segment.header().encode().limit(GUARD_BYTES);
                return checksums == null || !begins(segment, guard)
                        ? null
                        : new LocatedChunk(
                                segment.location(),
                                entry.place().offset() + entry.dataOffset(),
                                entry.length(),
                                checksums,
                                guard);
            } finally {
                segment.unpin();
            }
        } catch (IOException e) {
            throw new ChunkException(
                    ChunkError.UNAVAILABLE, "no place of " + key + " can be told: " + e.getMessage(), e);
        }
    }

    /** Whether the file does begin like this, which is in the page cache afterwards. */
    private static boolean begins(Segment segment, ByteBuffer guard) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(guard.remaining());
        segment.file().readFully(found, 0);
        return found.flip().equals(guard);
    }

    private boolean read(
            Segment segment, ChunkEntry entry, int[] checksums, long offset, ByteBuffer target, int @Nullable [] pieces)
            throws IOException {
        int firstBlock = (int) (offset / BlockChecksums.BLOCK_SIZE);
        long start = entry.place().offset() + entry.dataOffset();
        int limit = target.limit();
        long end = offset + target.remaining();
        long position = offset;
        boolean verified = true;
        while (verified && position < end) {
            int inBlock = (int) (position % BlockChecksums.BLOCK_SIZE);
            long wholeEnd = end == entry.length() ? end : end - end % BlockChecksums.BLOCK_SIZE;
            long step;
            if (inBlock == 0 && wholeEnd > position) {
                step = Math.min(STEP_BYTES, wholeEnd - position);
                target.limit(target.position() + (int) step);
                verified = readWhole(segment.file(), start + position, checksums, position, target);
                target.limit(limit);
                if (pieces != null && verified) {
                    int block = (int) (position / BlockChecksums.BLOCK_SIZE);
                    System.arraycopy(checksums, block, pieces, block - firstBlock, BlockChecksums.blocksIn(step));
                }
            } else {
                step = Math.min(BlockChecksums.BLOCK_SIZE - inBlock, end - position);
                Part part = new Part(position, (int) step, firstBlock);
                verified = readPart(segment.file(), start, entry, checksums, part, target, pieces);
            }
            position += step;
        }
        return verified;
    }

    /** Whole blocks go straight into the target. */
    private static boolean readWhole(StorageFile file, long at, int[] checksums, long position, ByteBuffer target)
            throws IOException {
        int before = target.position();
        file.readFully(target, at);
        target.position(before);
        return BlockChecksums.firstMismatch(target, checksums, (int) (position / BlockChecksums.BLOCK_SIZE)) < 0;
    }

    /** @param firstBlock of the whole read */
    private record Part(long position, int wanted, int firstBlock) {}

    /** A block of which only a part is wanted is read and verified as a whole. */
    private boolean readPart(
            StorageFile file,
            long start,
            ChunkEntry entry,
            int[] checksums,
            Part part,
            ByteBuffer target,
            int @Nullable [] pieces)
            throws IOException {
        int block = (int) (part.position() / BlockChecksums.BLOCK_SIZE);
        long blockStart = (long) block * BlockChecksums.BLOCK_SIZE;
        int blockBytes = (int) Math.min(BlockChecksums.BLOCK_SIZE, entry.length() - blockStart);
        try (PooledBuffer pooled = acquire()) {
            ByteBuffer scratch = pooled.buffer().limit(blockBytes);
            file.readFully(scratch, start + blockStart);
            if (BlockChecksums.firstMismatch(scratch.flip(), checksums, block) >= 0) {
                return false;
            }
            ByteBuffer bytes = scratch.slice((int) (part.position() - blockStart), part.wanted());
            if (pieces != null) {
                pieces[block - part.firstBlock()] = BlockChecksums.ofBlock(bytes.duplicate());
            }
            target.put(bytes);
            return true;
        }
    }

    /** The table out of the record, or null if the record isn't that chunk's or damaged. */
    int @Nullable [] table(Segment segment, ChunkKey key, ChunkEntry entry) throws IOException {
        try (PooledBuffer pooled = acquire()) {
            ByteBuffer head =
                    pooled.buffer().limit(RecordLayout.HEADER_BYTES + RecordLayout.tableBytes(entry.length()));
            segment.file().readFully(head, entry.place().offset());
            Optional<RecordHeader> header = RecordHeader.decode(
                    head.flip(), segment.header(), entry.place().offset());
            boolean expected = header.isPresent()
                    && header.get().length() == entry.length()
                    && header.get().content() instanceof RecordContent.Chunk chunk
                    && chunk.key().equals(key);
            return expected ? BlockTable.decode(head, RecordHeader.checksum(head, 0), entry.length()) : null;
        } catch (FormatException e) {
            return null;
        }
    }

    private PooledBuffer acquire() throws IOException {
        try {
            return buffers.acquire(BUFFER_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for a buffer");
        }
    }
}
