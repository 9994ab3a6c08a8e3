package io.coffer.dataserver.format;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The start of a record. See docs/formats/segment.md.
 *
 * @param sequence of the record's commit on its disk
 * @param durableBefore every commit up to this sequence had finished when the header was made
 * @param length bytes of data
 */
public record RecordHeader(
        RecordPlace place,
        long stamp,
        long sequence,
        long durableBefore,
        RecordContent content,
        int dataOffset,
        long length) {
    private static final long MAGIC = 0x434f_4652_5245_4344L; // COFRRECD
    private static final int VERSION = 1;
    private static final int KIND_CHUNK = 1;
    private static final int KIND_MARKS = 2;
    private static final int UNUSED_BYTES = 124;
    private static final int CRC_OFFSET = RecordLayout.HEADER_BYTES - Integer.BYTES;

    /** Bytes up to the next record. */
    public long recordBytes() {
        return RecordLayout.align(dataOffset + length);
    }

    /** Writes header and table at the buffer's position and leaves the position behind them. */
    public void encode(ByteBuffer out, int[] blockChecksums) {
        int start = out.position();
        out.putLong(MAGIC).putShort((short) VERSION);
        switch (content) {
            case RecordContent.Chunk chunk -> {
                Scheme scheme = Scheme.of(chunk.scheme());
                out.put((byte) KIND_CHUNK).put((byte) scheme.kind());
                out.putShort((short) scheme.k()).putShort((short) scheme.m());
                encodeCommon(out);
                out.putLong(chunk.version());
                out.putLong(chunk.key().volume().value()).putLong(chunk.volumeEpoch());
                out.putLong(chunk.key().extent().high())
                        .putLong(chunk.key().extent().low());
                out.putInt(chunk.key().index()).putInt(dataOffset);
                out.putLong(length).putLong(chunk.extentLength());
            }
            case RecordContent.Marks() -> {
                out.put((byte) KIND_MARKS).put(new byte[5]);
                encodeCommon(out);
                out.put(new byte[44]).putInt(dataOffset).putLong(length).putLong(0);
            }
        }
        out.put(new byte[UNUSED_BYTES]);
        int headerCrc = Crc.of(out, start, CRC_OFFSET);
        out.putInt(headerCrc);
        BlockTable.encode(out, headerCrc, blockChecksums);
    }

    private void encodeCommon(ByteBuffer out) {
        out.putLong(place.segment()).putLong(place.generation()).putLong(stamp).putLong(place.offset());
        out.putLong(sequence).putLong(durableBefore);
    }

    /** Whether a record may start at the buffer's position: cheap, and wrong now and then. */
    public static boolean mayStartAt(ByteBuffer in, int position) {
        return in.getLong(position) == MAGIC;
    }

    /**
     * The header at the buffer's position, which moves behind it, if there is one of this segment at this offset; otherwise
     * the position stays.
     *
     * @throws FormatException if it was written by a newer version
     */
    public static Optional<RecordHeader> decode(ByteBuffer buffer, SegmentHeader segment, long offset)
            throws FormatException {
        if (buffer.remaining() < RecordLayout.HEADER_BYTES || !mayStartAt(buffer, buffer.position())) {
            return Optional.empty();
        }
        ByteBuffer in = buffer.slice(buffer.position(), RecordLayout.HEADER_BYTES);
        RecordPlace place = new RecordPlace(in.getLong(16), in.getLong(24), in.getLong(40));
        if (place.segment() != segment.id()
                || place.generation() != segment.generation()
                || place.offset() != offset
                || in.getLong(32) != segment.stamp()
                || in.getInt(CRC_OFFSET) != Crc.of(in, 0, CRC_OFFSET)) {
            return Optional.empty();
        }
        int version = in.getShort(8);
        if (version != VERSION) {
            throw new FormatException("record of format version " + version + ", this program knows " + VERSION);
        }
        RecordHeader header = new RecordHeader(
                place,
                segment.stamp(),
                in.getLong(48),
                in.getLong(56),
                content(in, in.get(10)),
                in.getInt(108),
                in.getLong(112));
        header.requireSane(segment);
        buffer.position(buffer.position() + RecordLayout.HEADER_BYTES);
        return Optional.of(header);
    }

    private static RecordContent content(ByteBuffer in, int kind) throws FormatException {
        return switch (kind) {
            case KIND_CHUNK -> {
                ProtectionScheme scheme = new Scheme(in.get(11), in.getShort(12), in.getShort(14)).toScheme();
                VolumeId volume = new VolumeId(in.getLong(72));
                ExtentId extent = new ExtentId(in.getLong(88), in.getLong(96));
                ChunkKey key = new ChunkKey(extent, volume, in.getInt(104));
                yield new RecordContent.Chunk(key, in.getLong(80), in.getLong(64), scheme, in.getLong(120));
            }
            case KIND_MARKS -> new RecordContent.Marks();
            default -> throw new FormatException("record of unknown kind " + kind);
        };
    }

    private void requireSane(SegmentHeader segment) throws FormatException {
        boolean sane = length >= 0
                && length <= ChunkDescriptor.MAX_LENGTH
                && dataOffset >= RecordLayout.HEADER_BYTES + RecordLayout.tableBytes(length)
                && place.offset() + recordBytes() <= segment.size();
        if (!sane) {
            throw new FormatException("record of impossible length at " + place);
        }
    }

    /** The header's own checksum, which its table covers. */
    public static int checksum(ByteBuffer record, int start) {
        return record.getInt(start + CRC_OFFSET);
    }
}
