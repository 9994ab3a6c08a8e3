package io.coffer.gateway.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;

/**
 * Tells one connection too many that there is no room, without looking at what it sends; that is taken off the wire for a
 * moment, because it would reset the connection, and the reset can overtake the answer.
 */
final class RefusingHandler extends ChannelInboundHandlerAdapter {
    private static final long LINGER_MILLIS = 1000;

    private final ServerContext context;

    RefusingHandler(ServerContext context) {
        this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        HttpErrorRenderer.Answer answer = context.errors().render(HttpFault.OVERLOADED);
        ConnectionOutput output = new ConnectionOutput(ctx, context);
        output.sendLast(answer.head(), answer.body());
        output.shutdownWhenSent(() -> {});
        var end = ctx.executor().schedule(() -> ctx.close(), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        ctx.channel().closeFuture().addListener(_ -> end.cancel(false));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ReferenceCountUtil.release(message);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.close();
    }
}
