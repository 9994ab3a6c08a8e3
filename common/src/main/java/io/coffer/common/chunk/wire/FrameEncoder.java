package io.coffer.common.chunk.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;

/** Writes frames: head and body as the two buffers they are, so that no byte of a body is copied here. */
@ChannelHandler.Sharable
public final class FrameEncoder extends ChannelOutboundHandlerAdapter {
    public static final FrameEncoder INSTANCE = new FrameEncoder();

    private FrameEncoder() {}

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        OutboundFrame frame = (OutboundFrame) message;
        ByteBuf front = frame.takeFront();
        ByteBuf body = frame.takeBody();
        frame.release();
        if (body == null) {
            context.write(front, promise);
        } else {
            context.write(front, context.voidPromise());
            context.write(body, promise);
        }
    }
}
