package io.coffer.common.chunk.wire;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The fixed part of a frame. See docs/protocol/chunk-transport.md.
 *
 * @param stream 0 for the connection itself
 */
record FrameHeader(FrameType type, int stream, int headBytes, int bodyBytes, int headCrc) {
    static final int BYTES = 24;
    static final int VERSION = 1;

    private static final short MAGIC = (short) 0xC0FE;
    private static final int CHECKED_BYTES = 20;

    /** Fills in the header in front of a frame's head, which ends the buffer. */
    static void encode(ByteBuf frame, FrameType type, int stream, int bodyBytes) {
        int headBytes = frame.writerIndex() - BYTES;
        frame.setShort(0, MAGIC)
                .setByte(2, VERSION)
                .setByte(3, type.code())
                .setInt(4, stream)
                .setInt(8, headBytes)
                .setInt(12, bodyBytes)
                .setInt(16, crc(frame.nioBuffer(BYTES, headBytes)))
                .setInt(CHECKED_BYTES, crc(frame.nioBuffer(0, CHECKED_BYTES)));
    }

    /** @param sender whose frames are expected */
    static FrameHeader decode(ByteBuffer in, FrameType.Sender sender) throws ProtocolException {
        if (in.getShort(0) != MAGIC) {
            throw new ProtocolException("not a frame");
        }
        if (in.getInt(CHECKED_BYTES) != crc(in.slice(0, CHECKED_BYTES))) {
            throw new ProtocolException("a frame's header is damaged");
        }
        if (in.get(2) != VERSION) {
            throw new ProtocolException("frames of version " + in.get(2));
        }
        FrameType type = FrameType.of(in.get(3));
        if (type == null || type.sender() != sender) {
            throw new ProtocolException("no frame of type " + in.get(3) + " is expected");
        }
        int headBytes = in.getInt(8);
        int bodyBytes = in.getInt(12);
        if (headBytes < 0
                || headBytes > type.maxHeadBytes()
                || bodyBytes < 0
                || bodyBytes > type.maxBodyBytes()
                || in.getInt(4) < 0) {
            throw new ProtocolException("%s of %d and %d bytes".formatted(type, headBytes, bodyBytes));
        }
        return new FrameHeader(type, in.getInt(4), headBytes, bodyBytes, in.getInt(16));
    }

    static int crc(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}
