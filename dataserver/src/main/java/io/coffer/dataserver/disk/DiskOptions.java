package io.coffer.dataserver.disk;

import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.RecordLayout;
import io.coffer.dataserver.format.SegmentHeader;

/**
 * How a disk is used.
 *
 * @param segmentBytes the size of a segment; 0 to choose by the size of the disk. A longer record gets a segment of its own size
 * @param marksSegmentBytes the size of a segment of marks
 * @param reserveBytes free space that is kept for deletes and the index; -1 to choose by the size of the disk
 * @param minHoleBytes shorter dead records are not punched out: a segment that is recycled whole is faster to write
 * @param minHoleBytesWhenTight the same while little space is free
 */
public record DiskOptions(
        long segmentBytes, long marksSegmentBytes, long reserveBytes, long minHoleBytes, long minHoleBytesWhenTight) {
    public static final DiskOptions DEFAULT = new DiskOptions(
            0,
            Limits.DEFAULT_MARKS_SEGMENT_BYTES,
            -1,
            Limits.DEFAULT_MIN_HOLE_BYTES,
            Limits.DEFAULT_MIN_HOLE_BYTES_WHEN_TIGHT);

    public DiskOptions {
        requireSegmentSize("segment", segmentBytes == 0 ? Limits.DEFAULT_SEGMENT_BYTES : segmentBytes);
        requireSegmentSize("marks segment", marksSegmentBytes);
    }

    private static void requireSegmentSize(String what, long bytes) {
        if (bytes < Limits.MIN_SEGMENT_BYTES
                || bytes > Limits.MAX_SEGMENT_BYTES
                || bytes % RecordLayout.ALIGNMENT != 0) {
            throw new IllegalArgumentException("a " + what + " can't have " + bytes + " bytes");
        }
    }

    long segmentBytes(long diskBytes) {
        if (segmentBytes != 0) {
            return segmentBytes;
        }
        long part = Long.highestOneBit(Math.max(1, diskBytes / Limits.SEGMENTS_PER_DISK));
        return Math.clamp(part, Limits.MIN_AUTOMATIC_SEGMENT_BYTES, Limits.DEFAULT_SEGMENT_BYTES);
    }

    /** The size of a segment that takes such a record. */
    static long segmentBytesFor(long usual, long recordBytes) {
        return Math.max(usual, SegmentHeader.RECORDS_START + recordBytes);
    }

    long reserveBytes(long diskBytes) {
        if (reserveBytes >= 0) {
            return reserveBytes;
        }
        long part = (long) (diskBytes * Limits.DEFAULT_RESERVE_PART);
        return Math.min(Limits.MAX_RESERVE_BYTES, Math.max(part, Limits.RESERVE_SEGMENTS * segmentBytes(diskBytes)));
    }
}
