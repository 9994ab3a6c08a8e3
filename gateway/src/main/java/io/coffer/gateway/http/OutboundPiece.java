package io.coffer.gateway.http;

import io.coffer.common.io.PooledBuffer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A run of bytes on its way to the network: made by the handler's thread, then the event loop's. Tells its sink when the
 * network has taken the bytes, or never will.
 */
final class OutboundPiece implements ChannelFutureListener {
    private final ByteBuf bytes;
    private final int length;
    private final @Nullable OutboundSink sink;
    private @Nullable PooledBuffer pooled;

    private OutboundPiece(ByteBuf bytes, @Nullable PooledBuffer pooled, @Nullable OutboundSink sink) {
        this.bytes = bytes;
        this.length = bytes.readableBytes();
        this.pooled = pooled;
        this.sink = sink;
    }

    /** Bytes nobody will change and nobody waits for. */
    static OutboundPiece of(byte[] bytes) {
        return new OutboundPiece(Unpooled.wrappedBuffer(bytes), null, null);
    }

    static OutboundPiece of(ByteBuffer bytes, @Nullable OutboundSink sink) {
        return new OutboundPiece(Unpooled.wrappedBuffer(bytes), null, sink);
    }

    /** Takes the buffer. */
    static OutboundPiece of(PooledBuffer buffer, OutboundSink sink) {
        return new OutboundPiece(Unpooled.wrappedBuffer(buffer.buffer()), buffer, sink);
    }

    /** Without taking them. */
    ByteBuf bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** The bytes were copied: gives their memory back. The piece still stands for them until they are sent. */
    void copied() {
        bytes.release();
        giveBack();
    }

    /** Gives up on the piece before the network has seen it. */
    void drop() {
        bytes.release();
        end(false);
    }

    @Override
    public void operationComplete(ChannelFuture future) {
        end(future.isSuccess());
    }

    private void end(boolean sent) {
        giveBack();
        if (sink != null) {
            sink.done(length, sent);
        }
    }

    private void giveBack() {
        PooledBuffer buffer = pooled;
        if (buffer != null) {
            pooled = null;
            buffer.close();
        }
    }
}
