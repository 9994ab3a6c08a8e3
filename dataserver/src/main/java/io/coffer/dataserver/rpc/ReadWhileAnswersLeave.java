package io.coffer.dataserver.rpc;

import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Takes no more requests from a caller that doesn't take its answers, which would pile up. */
@ChannelHandler.Sharable
final class ReadWhileAnswersLeave extends ChannelInboundHandlerAdapter {
    static final ReadWhileAnswersLeave INSTANCE = new ReadWhileAnswersLeave();

    private ReadWhileAnswersLeave() {}

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        context.channel().config().setAutoRead(context.channel().isWritable());
        context.fireChannelWritabilityChanged();
    }
}
