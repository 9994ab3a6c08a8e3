package io.coffer.dataserver.format;

import io.coffer.common.id.DiskId;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a segment file says of itself, twice. See docs/formats/segment.md.
 *
 * @param stamp random, so that nobody outside can make bytes that look like a record of this generation
 * @param volume 0 while the segment is free, and for marks
 */
public record SegmentHeader(
        Kind kind, long id, long generation, long stamp, long size, DiskId disk, long volume, int member) {
    /** Bytes of one copy. */
    public static final int BYTES = 4096;

    public static final int COPIES = 2;

    /** Where the first record starts. */
    public static final long RECORDS_START = (long) COPIES * BYTES;

    private static final long MAGIC = 0x434f_4652_5345_474dL; // COFRSEGM
    private static final int VERSION = 1;
    private static final int CRC_OFFSET = 124;

    /** What the records of a segment are. */
    public enum Kind {
        DATA(1),
        MARKS(2);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        public static Optional<Kind> of(int code) {
            return switch (code) {
                case 1 -> Optional.of(DATA);
                case 2 -> Optional.of(MARKS);
                default -> Optional.empty();
            };
        }
    }

    /** One copy. */
    public ByteBuffer encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putShort((short) VERSION).put((byte) kind.code()).put(new byte[5]);
        out.putLong(id).putLong(generation).putLong(stamp).putLong(size);
        DiskIdentity.put(out, disk.value());
        out.putLong(volume).putInt(member);
        out.putInt(CRC_OFFSET, Crc.of(out, 0, CRC_OFFSET));
        return out.clear();
    }

    /**
     * The header from both copies: the whole one with the higher generation, or empty if none is whole.
     *
     * @throws FormatException if it was written by a newer version
     */
    public static Optional<SegmentHeader> decode(ByteBuffer copies) throws FormatException {
        SegmentHeader newest = null;
        for (int copy = 0; copy < COPIES; copy++) {
            int start = copies.position() + copy * BYTES;
            if (start + BYTES <= copies.limit()) {
                SegmentHeader header = decodeCopy(copies.slice(start, BYTES));
                if (header != null && (newest == null || header.generation > newest.generation)) {
                    newest = header;
                }
            }
        }
        return Optional.ofNullable(newest);
    }

    private static @Nullable SegmentHeader decodeCopy(ByteBuffer in) throws FormatException {
        if (in.getLong() != MAGIC || in.getInt(CRC_OFFSET) != Crc.of(in, 0, CRC_OFFSET)) {
            return null;
        }
        int version = in.getShort();
        if (version != VERSION) {
            throw new FormatException("segment of format version " + version + ", this program knows " + VERSION);
        }
        int code = in.get();
        Kind kind = Kind.of(code).orElseThrow(() -> new FormatException("segment of unknown kind " + code));
        in.position(in.position() + 5);
        return new SegmentHeader(
                kind,
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong(),
                new DiskId(DiskIdentity.uuid(in)),
                in.getLong(),
                in.getInt());
    }
}
