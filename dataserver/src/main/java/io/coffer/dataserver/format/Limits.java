package io.coffer.dataserver.format;

import io.coffer.common.chunk.ChunkDescriptor;

/** The bounds of the dataserver. */
public final class Limits {
    /** A segment of a large disk; the unit in which space is preallocated and recycled. */
    public static final long DEFAULT_SEGMENT_BYTES = 256L << 20;

    /** Segments of small disks are a {@value #SEGMENTS_PER_DISK}th of it, but not smaller than this. */
    public static final long MIN_AUTOMATIC_SEGMENT_BYTES = 8L << 20;

    /** How many segments a disk should have at least, so that one volume's open segment doesn't hold much of it. */
    public static final long SEGMENTS_PER_DISK = 128;

    /** The smallest segment that can be configured: room for a few records. */
    public static final long MIN_SEGMENT_BYTES = 64L << 10;

    /** The largest: offsets would allow more, recycling wouldn't. */
    public static final long MAX_SEGMENT_BYTES = 4L << 30;

    /** A marks segment: a thousand groups of deletes. */
    public static final long DEFAULT_MARKS_SEGMENT_BYTES = 4L << 20;

    /** Free segments kept for reuse; more are deleted, so that their space shows as free. */
    public static final int MAX_FREE_SEGMENTS = 4;

    /** Marks segments kept for reuse; one is enough for a delete on a full disk, two for a change of segments meanwhile. */
    public static final int MAX_FREE_MARKS_SEGMENTS = 2;

    /** Volume members being written on one disk at a time; the idlest one's segment is closed for another. */
    public static final int MAX_OPEN_SEGMENTS = 64;

    /** Segment files of one disk kept open for reading. */
    public static final int MAX_OPEN_FILES = 512;

    /** Chunks being written on one disk. */
    public static final int MAX_OPEN_WRITERS = 4096;

    /** Buffers for chunks that are collected, written or read, per store. */
    public static final long DEFAULT_BUFFER_BYTES = 96L << 20;

    /** What is written at a time past the page cache: long enough for a disk's full rate (decision 0006). */
    public static final int LONG_WRITE_BYTES = 512 << 10;

    /** Chunks of so many such writes and more are written that way, so that the next one is collected during the one before. */
    public static final int MIN_LONG_WRITES = 2;

    /** Threads of one disk that wait for such writes; the disk takes no more from more of them. */
    public static final int LONG_WRITE_THREADS = 4;

    /** Changes of one disk that wait to be put into its index; appends wait when there are more. */
    public static final int MAX_WAITING_INDEX_CHANGES = 32 * 1024;

    /** Changes put into the index with one batch. */
    public static final int MAX_INDEX_BATCH = 1024;

    /** The index is flushed after so many appended bytes, which bounds what a start has to read again. */
    public static final long INDEX_FLUSH_BYTES = 256L << 20;

    /** And after so many changes. */
    public static final int INDEX_FLUSH_CHANGES = 64 * 1024;

    /** Entries of recently read chunks kept per disk. */
    public static final int MAX_HOT_CHUNKS = 16 * 1024;

    /** Of these, entries with more than this many block checksums keep none (they are read with the chunk). */
    public static final int MAX_HOT_BLOCKS = 64;

    /** Commits of one disk made durable with one sync. */
    public static final int MAX_COMMIT_GROUP = 4096;

    /** Unbroken read errors after which a disk is given up. */
    public static final int MAX_READ_ERRORS_IN_A_ROW = 16;

    /** Chunks of whatever volume looked at for one page of a volume's: about a quarter of a second. */
    public static final int MAX_LIST_LOOKS = 200_000;

    /** Shorter dead records aren't punched out, so that their segment is recycled with its blocks written (decision 0006). */
    public static final long DEFAULT_MIN_HOLE_BYTES = 1L << 20;

    /** When space is tight they are, unless the hole would fragment the file for little. */
    public static final long DEFAULT_MIN_HOLE_BYTES_WHEN_TIGHT = 64L << 10;

    /** Space is tight when less than this part of a disk is free. */
    public static final double TIGHT_BELOW = 0.1;

    /** Dead records erased with one sync per segment. */
    public static final int ERASE_BATCH = 512;

    /** Segments are read back in pieces of this. */
    public static final int SCAN_BUFFER_BYTES = 1 << 20;

    /** Free space that is kept: this part of the disk ... */
    public static final double DEFAULT_RESERVE_PART = 0.02;

    /** ... at least this many segments ... */
    public static final int RESERVE_SEGMENTS = 2;

    /** ... and no more than this. */
    public static final long MAX_RESERVE_BYTES = 64L << 30;

    /** The longest record: a chunk of the greatest length with its table. */
    public static final long MAX_RECORD_BYTES = RecordLayout.recordBytes(ChunkDescriptor.MAX_LENGTH);

    private Limits() {}
}
