package io.coffer.common.chunk.wire;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.concurrent.ThreadFactory;

/** How both sides read and write sockets: by epoll where its native library loads, else by the JDK's selector. */
public record ChunkTransport(Class<? extends Channel> client, Class<? extends ServerChannel> server) {
    private static final int MIN_READ_BYTES = 2 << 10;
    private static final int FIRST_READ_BYTES = 16 << 10;
    private static final int MAX_READ_BYTES = 256 << 10;

    public static final ChunkTransport BEST = Epoll.isAvailable()
            ? new ChunkTransport(EpollSocketChannel.class, EpollServerSocketChannel.class)
            : new ChunkTransport(NioSocketChannel.class, NioServerSocketChannel.class);

    /** Of bodies and frames; direct, shared by all connections of a process. */
    public static final PooledByteBufAllocator ALLOCATOR = PooledByteBufAllocator.DEFAULT;

    public EventLoopGroup eventLoops(int threads, ThreadFactory factory) {
        return new MultiThreadIoEventLoopGroup(
                threads,
                factory,
                client == EpollSocketChannel.class ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    }

    /** Reads as much at a time as the last reads found. */
    public static AdaptiveRecvByteBufAllocator readSizes() {
        return new AdaptiveRecvByteBufAllocator(MIN_READ_BYTES, FIRST_READ_BYTES, MAX_READ_BYTES);
    }
}
