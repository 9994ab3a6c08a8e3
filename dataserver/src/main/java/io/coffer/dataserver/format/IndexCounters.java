package io.coffer.dataserver.format;

import java.nio.ByteBuffer;

/**
 * The index's counters. See docs/formats/chunk-index.md.
 *
 * @param closed whether the disk was closed in order, so that nothing lies behind the covered positions
 * @param durableBefore every commit up to this sequence had finished
 */
public record IndexCounters(boolean closed, long nextSequence, long nextDead, long nextSegment, long durableBefore) {
    public static final IndexCounters START = new IndexCounters(false, 1, 1, 1, 0);

    private static final int BYTES = 40;
    private static final int VERSION = 1;

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.put((byte) VERSION).put((byte) (closed ? 1 : 0)).put(new byte[6]);
        out.putLong(nextSequence).putLong(nextDead).putLong(nextSegment).putLong(durableBefore);
        return out.array();
    }

    public static IndexCounters decode(byte[] bytes) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length != BYTES || in.get() != VERSION) {
            throw new FormatException("the index's counters aren't readable");
        }
        boolean closed = in.get() == 1;
        in.position(8);
        return new IndexCounters(closed, in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
