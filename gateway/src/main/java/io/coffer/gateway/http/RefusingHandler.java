package io.coffer.gateway.http;

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
        ConnectionOutput output = new ConnectionOutput(ctx, context);
        output.sendLast(answer.head(), answer.body());
        output.closeWhenSent();
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
