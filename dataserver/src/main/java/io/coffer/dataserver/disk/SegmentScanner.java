package io.coffer.dataserver.disk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.dataserver.format.BlockTable;
import io.coffer.dataserver.format.FormatException;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks the records of a pinned segment by their headers, and steps over what isn't one. Used by one thread.
 *
 * <p>Data is jumped over, so what is read of a segment of long records is a page per record; dead space is read through.
 */
public final class SegmentScanner {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentScanner.class);

    /** The longest header with its table, in whole pages. */
    private static final int MAX_HEAD_BYTES = 2 * RecordLayout.ALIGNMENT;

    private final Segment segment;
    private final SegmentHeader header;
    private final ByteBuffer buffer;
    private final long end;

    /** Where in the segment the buffer's content starts. */
    private long bufferStart;

    private long position;
    private int unreadableInARow;

    /** From an offset on where a record may start, up to another. */
    public SegmentScanner(Segment segment, long from, long end, ByteBuffer buffer) {
        if (buffer.capacity() < MAX_HEAD_BYTES) {
            throw new IllegalArgumentException("scan buffer of " + buffer.capacity() + " bytes");
        }
        this.segment = segment;
        this.header = segment.header();
        this.buffer = buffer;
        this.end = Math.min(end, segment.size());
        this.position = Math.max(from, SegmentHeader.RECORDS_START);
        this.bufferStart = position;
        buffer.limit(0);
    }

    public static ByteBuffer newBuffer() {
        return ByteBuffer.allocateDirect(Limits.SCAN_BUFFER_BYTES);
    }

    /** The next record, or null at the end. */
    public @Nullable ScannedRecord next() throws IOException {
        while (position + RecordLayout.ALIGNMENT <= end) {
            if (!isBuffered(RecordLayout.ALIGNMENT) && !fill()) {
                return null;
            }
            ScannedRecord record = recordHere();
            if (record != null) {
                position = record.end();
                return record;
            }
            position += RecordLayout.ALIGNMENT;
        }
        return null;
    }

    /** Where the next look will be: how far the scan got. */
    public long position() {
        return position;
    }

    private boolean isBuffered(int bytes) {
        return position >= bufferStart && position + bytes <= bufferStart + buffer.limit();
    }

    private @Nullable ScannedRecord recordHere() throws IOException {
        if (!RecordHeader.mayStartAt(buffer, Math.toIntExact(position - bufferStart))) {
            return null;
        }
        if (!isBuffered(MAX_HEAD_BYTES) && position + MAX_HEAD_BYTES <= end && !fill()) {
            return null;
        }
        int start = Math.toIntExact(position - bufferStart);
        buffer.position(start);
        Optional<RecordHeader> found;
        try {
            found = RecordHeader.decode(buffer, header, position);
        } catch (FormatException e) {
            throw new IOException(segment + " at " + position + ": " + e.getMessage(), e);
        }
        if (found.isEmpty()) {
            return null;
        }
        int headerCrc = RecordHeader.checksum(buffer, start);
        return new ScannedRecord(
                found.get(), BlockTable.decode(buffer, headerCrc, found.get().length()));
    }

    /** Reads on from the position; a page that can't be read counts as dead. Returns whether there was anything left. */
    private boolean fill() throws IOException {
        while (position < end) {
            int wanted = (int) Math.min(buffer.capacity(), end - position);
            if (read(wanted) || wanted > RecordLayout.ALIGNMENT && read(RecordLayout.ALIGNMENT)) {
                unreadableInARow = 0;
                return buffer.limit() >= RecordLayout.ALIGNMENT;
            }
            position += RecordLayout.ALIGNMENT;
        }
        return false;
    }

    private boolean read(int wanted) throws IOException {
        buffer.clear().limit(wanted);
        bufferStart = position;
        try {
            segment.file().readFully(buffer, position);
        } catch (EOFException e) {
            LOG.error("{} is cut off after {} bytes", segment, position + buffer.position());
        } catch (IOException e) {
            unreadableInARow++;
            if (unreadableInARow > Limits.MAX_READ_ERRORS_IN_A_ROW) {
                throw e;
            }
            LOG.warn("{} can't be read at {}: {}", segment, position, e.getMessage());
            return false;
        }
        buffer.flip();
        return true;
    }

    /**
     * Whether a record's data is what its table says.
     *
     * @throws IOException if it can't be read
     */
    public static boolean verify(Segment segment, ScannedRecord record, ByteBuffer scratch) throws IOException {
        int[] checksums = record.checksums();
        if (checksums == null) {
            return false;
        }
        RecordHeader header = record.header();
        int step = scratch.capacity() / BlockChecksums.BLOCK_SIZE * BlockChecksums.BLOCK_SIZE;
        for (long done = 0; done < header.length(); done += step) {
            scratch.clear().limit((int) Math.min(step, header.length() - done));
            try {
                segment.file().readFully(scratch, header.place().offset() + header.dataOffset() + done);
            } catch (EOFException e) {
                return false;
            }
            int firstBlock = (int) (done / BlockChecksums.BLOCK_SIZE);
            if (BlockChecksums.firstMismatch(scratch.flip(), checksums, firstBlock) >= 0) {
                return false;
            }
        }
        return true;
    }
}
