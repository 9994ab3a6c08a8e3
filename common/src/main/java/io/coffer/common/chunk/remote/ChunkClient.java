package io.coffer.common.chunk.remote;

import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What all connections of a process have in common. */
final class ChunkClient implements AutoCloseable {
    private static final long QUIET_MILLIS = 0;
    private static final long CLOSE_MILLIS = 2000;

    private final ClusterId cluster;
    private final NodeId self;
    private final @Nullable SslContext tls;
    private final ChunkClientOptions options;
    private final EventLoopGroup eventLoops;

    /** Of all peers; what is connected while they are closed is closed too. */
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    /** @param tls null for none */
    ChunkClient(ClusterId cluster, NodeId self, @Nullable SslContext tls, ChunkClientOptions options) {
        this.cluster = cluster;
        this.self = self;
        this.tls = tls;
        this.options = options;
        this.eventLoops = ChunkTransport.BEST.eventLoops(options.eventLoops(), new NamedThreads("chunk-client"));
    }

    ClusterId cluster() {
        return cluster;
    }

    NodeId self() {
        return self;
    }

    @Nullable
    SslContext tls() {
        return tls;
    }

    ChunkClientOptions options() {
        return options;
    }

    EventLoopGroup eventLoops() {
        return eventLoops;
    }

    /** To be closed at the end. */
    void add(Channel channel) {
        channels.add(channel);
    }

    @Override
    public void close() {
        // An event loop that is shut down may end without closing its channels, and then nobody would hear of their
        // end.
        channels.close().awaitUninterruptibly(CLOSE_MILLIS);
        eventLoops
                .shutdownGracefully(QUIET_MILLIS, CLOSE_MILLIS, TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(CLOSE_MILLIS * 2);
    }
}
