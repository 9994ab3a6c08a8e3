package io.coffer.gateway.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells one connection too many that there is no room, without looking at what it sends. */
final class RefusingHandler extends ChannelInboundHandlerAdapter {
    private final ServerContext context;

    RefusingHandler(ServerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        HttpErrorRenderer.Answer answer = context.errors().render(HttpFault.OVERLOADED);
        EncodedHead head = EncodedHead.of(
                answer.head(), EncodedHead.Framing.LENGTH, answer.body().remaining());
        var out = ctx.alloc().directBuffer(head.size() + 128 + answer.body().remaining());
        head.writeTo(out);
        out.writeBytes(HttpConnection.CLOSE)
                .writeBytes(context.date().line())
                .writeByte('\r')
                .writeByte('\n')
                .writeBytes(answer.body());
        ctx.writeAndFlush(out).addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        io.netty.util.ReferenceCountUtil.release(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
