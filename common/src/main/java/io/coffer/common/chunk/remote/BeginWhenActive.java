package io.coffer.common.chunk.remote;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Begins a connection that has no handshake to wait for. */
final class BeginWhenActive extends ChannelInboundHandlerAdapter {
    private final PeerConnection connection;
    private final ChunkClient client;

    BeginWhenActive(PeerConnection connection, ChunkClient client) {
        this.connection = connection;
        this.client = client;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        connection.begin(client);
        context.fireChannelActive();
    }
}
