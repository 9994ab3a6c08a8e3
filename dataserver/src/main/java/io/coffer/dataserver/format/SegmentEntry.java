package io.coffer.dataserver.format;

import java.nio.ByteBuffer;

/**
 * What the index knows of a segment. See docs/formats/chunk-index.md.
 *
 * @param full whether no more records will be appended
 * @param covered every record that starts below is in the index
 * @param erasedBytes of holes
 * @param lastDead of a marks segment: the number of the last dead record that it caused
 */
public record SegmentEntry(
        long id,
        SegmentHeader.Kind kind,
        long generation,
        long volume,
        int member,
        long size,
        boolean full,
        long covered,
        long liveBytes,
        long liveRecords,
        long erasedBytes,
        long lastDead) {
    private static final int BYTES = 72;
    private static final int VERSION = 1;

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.put((byte) VERSION)
                .put((byte) kind.code())
                .put((byte) (full ? 1 : 0))
                .put((byte) 0);
        out.putInt(member).putLong(generation).putLong(volume).putLong(size).putLong(covered);
        out.putLong(liveBytes).putLong(liveRecords).putLong(erasedBytes).putLong(lastDead);
        return out.array();
    }

    public static SegmentEntry decode(long id, byte[] bytes) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.get() != VERSION) {
            throw new FormatException("index entry of a segment isn't readable");
        }
        int code = in.get();
        SegmentHeader.Kind kind = SegmentHeader.Kind.of(code)
                .orElseThrow(() -> new FormatException("index entry of a segment of unknown kind " + code));
        boolean full = in.get() == 1;
        in.get();
        int member = in.getInt();
        long generation = in.getLong();
        long volume = in.getLong();
        long size = in.getLong();
        long covered = in.getLong();
        return new SegmentEntry(
                id,
                kind,
                generation,
                volume,
                member,
                size,
                full,
                covered,
                in.getLong(),
                in.getLong(),
                in.getLong(),
                in.getLong());
    }
}
