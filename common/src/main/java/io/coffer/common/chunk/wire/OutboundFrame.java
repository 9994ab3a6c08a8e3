package io.coffer.common.chunk.wire;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A frame to be written as a whole, from any thread, by {@link FrameEncoder}. Owns its buffers until then. */
public final class OutboundFrame extends AbstractReferenceCounted {
    private final ByteBuf front;
    private final @Nullable ByteBuf body;

    private OutboundFrame(ByteBuf front, @Nullable ByteBuf body) {
        this.front = front;
        this.body = body;
    }

    public static OutboundFrame of(ByteBufAllocator allocator, FrameType type, int stream) {
        return new OutboundFrame(front(allocator, type, stream, null, 0), null);
    }

    public static OutboundFrame of(ByteBufAllocator allocator, FrameType type, int stream, MessageLite head) {
        return new OutboundFrame(front(allocator, type, stream, head, 0), null);
    }

    /**
     * @param head null for none
     * @param body is the frame's from here on
     */
    public static OutboundFrame of(
            ByteBufAllocator allocator, FrameType type, int stream, @Nullable MessageLite head, ByteBuf body) {
        return new OutboundFrame(front(allocator, type, stream, head, body.readableBytes()), body);
    }

    private static ByteBuf front(
            ByteBufAllocator allocator, FrameType type, int stream, @Nullable MessageLite head, int bodyBytes) {
        int headBytes = head == null ? 0 : head.getSerializedSize();
        if (headBytes > type.maxHeadBytes() || bodyBytes > type.maxBodyBytes()) {
            throw new IllegalArgumentException("%s of %d and %d bytes".formatted(type, headBytes, bodyBytes));
        }
        ByteBuf front = allocator.directBuffer(FrameHeader.BYTES + headBytes);
        if (head != null) {
            ByteBuffer bytes = front.internalNioBuffer(FrameHeader.BYTES, headBytes);
            try {
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                head.writeTo(out);
                out.flush();
            } catch (IOException e) {
                front.release();
                throw new IllegalStateException("a message is as long as it says", e);
            }
        }
        front.writerIndex(FrameHeader.BYTES + headBytes);
        FrameHeader.encode(front, type, stream, bodyBytes);
        return front;
    }

    /** Both are the caller's then, and this is over. */
    ByteBuf takeFront() {
        return front.retain();
    }

    @Nullable
    ByteBuf takeBody() {
        return body == null ? null : body.retain();
    }

    @Override
    protected void deallocate() {
        front.release();
        if (body != null) {
            body.release();
        }
    }

    @Override
    public ReferenceCounted touch(Object hint) {
        front.touch(hint);
        if (body != null) {
            body.touch(hint);
        }
        return this;
    }
}
