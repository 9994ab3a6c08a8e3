package io.coffer.common.chunk.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts what arrives into frames. Heads are gathered, in memory that their type bounds; bodies are passed on in the buffers they were read
 * into, as they come.
 */
public final class FrameDecoder extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(FrameDecoder.class);
    private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

    private final FrameType.Sender sender;
    private final FrameReceiver receiver;
    private final ByteBuffer headerBytes = ByteBuffer.allocate(FrameHeader.BYTES);

    /** The frame whose head is incomplete. */
    private @Nullable FrameHeader header;

    private ByteBuffer head = EMPTY;
    private int bodyLeft;
    private String why = "the peer closed the connection";
    private boolean over;

    /** @param sender whose frames arrive */
    public FrameDecoder(FrameType.Sender sender, FrameReceiver receiver) {
        this.sender = sender;
        this.receiver = receiver;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        ByteBuf in = (ByteBuf) message;
        try {
            while (!over && in.isReadable()) {
                step(in);
            }
        } catch (ProtocolException e) {
            end(context, String.valueOf(e.getMessage()));
            LOG.warn("connection with {} broken off: {}", context.channel().remoteAddress(), e.getMessage());
        } finally {
            in.release();
        }
    }

    private void step(ByteBuf in) throws ProtocolException {
        if (bodyLeft > 0) {
            int bytes = Math.min(bodyLeft, in.readableBytes());
            bodyLeft -= bytes;
            int end = in.readerIndex() + bytes;
            receiver.body(in.slice(in.readerIndex(), bytes), bodyLeft == 0);
            in.readerIndex(end);
            return;
        }
        FrameHeader begun = header;
        if (begun == null) {
            fill(headerBytes, in);
            if (headerBytes.hasRemaining()) {
                return;
            }
            headerBytes.clear();
            begun = FrameHeader.decode(headerBytes, sender);
            header = begun;
            head = begun.headBytes() == 0 ? EMPTY : ByteBuffer.allocate(begun.headBytes());
        }
        fill(head, in);
        if (!head.hasRemaining()) {
            header = null;
            begin(begun, head.flip());
            head = EMPTY;
        }
    }

    private static void fill(ByteBuffer target, ByteBuf in) {
        int bytes = Math.min(target.remaining(), in.readableBytes());
        in.readBytes(target.slice(target.position(), bytes));
        target.position(target.position() + bytes);
    }

    private void begin(FrameHeader begun, ByteBuffer bytes) throws ProtocolException {
        if (FrameHeader.crc(bytes.duplicate()) != begun.headCrc()) {
            throw new ProtocolException("the head of a " + begun.type() + " is damaged");
        }
        bodyLeft = begun.bodyBytes();
        try {
            receiver.frame(begun.type(), begun.stream(), bytes, begun.bodyBytes());
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new ProtocolException("the head of a " + begun.type() + " isn't one: " + e.getMessage(), e);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!over) {
            receiver.pause();
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        end(context, why);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        LOG.debug("connection with {}", context.channel().remoteAddress(), cause);
        end(context, String.valueOf(cause.getMessage()));
    }

    private void end(ChannelHandlerContext context, String reason) {
        if (!over) {
            over = true;
            why = reason;
            receiver.closed(reason);
        }
        context.close();
    }
}
