package io.coffer.dataserver.format;

import io.coffer.common.checksum.BlockChecksums;

/** How long the parts of a record are. See docs/formats/segment.md. */
public final class RecordLayout {
    public static final int ALIGNMENT = 4096;
    public static final int HEADER_BYTES = 256;

    /** Longer data starts on a page border and is written straight from the caller's buffer. */
    public static final int MAX_STAGED_BYTES = 64 << 10;

    private static final int SHORT_ALIGNMENT = 16;

    private RecordLayout() {}

    /** The table with its own checksum. */
    public static int tableBytes(long length) {
        return Integer.BYTES * (BlockChecksums.blocksIn(length) + 1);
    }

    public static int dataOffset(long length) {
        int end = HEADER_BYTES + tableBytes(length);
        int alignment = isStaged(length) ? SHORT_ALIGNMENT : ALIGNMENT;
        return Math.ceilDiv(end, alignment) * alignment;
    }

    /** Whether a chunk of this length is collected in memory and written with one call. */
    public static boolean isStaged(long length) {
        return length <= MAX_STAGED_BYTES;
    }

    /** All of a record, up to the next one. */
    public static long recordBytes(long length) {
        return align(dataOffset(length) + length);
    }

    public static long align(long bytes) {
        return Math.ceilDiv(bytes, (long) ALIGNMENT) * ALIGNMENT;
    }
}
