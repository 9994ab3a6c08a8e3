package io.coffer.dataserver.rpc;

import io.coffer.common.chunk.DiskStatus;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameDecoder;
import io.coffer.common.chunk.wire.FrameEncoder;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.dataserver.chunk.LocalChunkStore;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves this node's chunks to the other processes. See docs/protocol/chunk-transport.md. */
public final class ChunkServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkServer.class);
    private static final int BACKLOG = 1024;
    private static final int FLUSHES_TOGETHER = 64;

    /** Beside the bytes of reads, which have a bound of their own. */
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    private static final long HANDSHAKE_MILLIS = 5000;
    private static final long POLL_MILLIS = 10;
    private static final long CLOSE_MILLIS = 2000;

    private final ChunkService service;
    private final EventLoopGroup eventLoops;
    private final Set<ServerConnection> connections = ConcurrentHashMap.newKeySet();

    /** Of the connections; what is accepted while they are closed is closed too. */
    private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private final Channel listening;
    private volatile Set<NodeId> dismissed = Set.of();

    /**
     * What the server holds at the moment, and what it has done.
     *
     * @param writeBytes set aside for writes, of {@code maxWriteBytes}
     * @param readBytes on their way to callers, of {@code maxReadBytes}
     * @param requests that were taken
     * @param turnedAway requests that were not, because there was too much to do
     */
    public record Load(
            int connections,
            int streams,
            long writeBytes,
            long maxWriteBytes,
            long readBytes,
            long maxReadBytes,
            long requests,
            long turnedAway) {}

    private ChunkServer(ChunkService service, InetSocketAddress address, @Nullable SslContext tls) throws IOException {
        this.service = service;
        this.eventLoops =
                ChunkTransport.BEST.eventLoops(service.options().eventLoops(), new NamedThreads("chunk-server"));
        boolean bound = false;
        int answers = Math.toIntExact(service.options().readBytesPerConnection() + MAX_ANSWER_BYTES);
        try {
            var binding = new ServerBootstrap()
                    .group(eventLoops)
                    .channel(ChunkTransport.BEST.server())
                    .option(ChannelOption.SO_BACKLOG, BACKLOG)
                    .option(ChannelOption.SO_REUSEADDR, true)
                    .childOption(ChannelOption.TCP_NODELAY, true)
                    .childOption(ChannelOption.ALLOCATOR, ChunkTransport.ALLOCATOR)
                    .childOption(ChannelOption.RECVBUF_ALLOCATOR, ChunkTransport.readSizes())
                    .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(answers / 2, answers))
                    .childHandler(new Setup(tls))
                    .bind(address)
                    .awaitUninterruptibly();
            if (!binding.isSuccess()) {
                throw new IOException(
                        "can't listen on " + address + ": " + binding.cause().getMessage(), binding.cause());
            }
            listening = binding.channel();
            bound = true;
        } finally {
            if (!bound) {
                stopLoops();
                service.threads().close();
            }
        }
    }

    /**
     * Listens.
     *
     * @param tls null for none, which is for tests
     */
    public static ChunkServer start(
            LocalChunkStore store,
            ClusterId cluster,
            NodeId node,
            InetSocketAddress address,
            @Nullable SslContext tls,
            ChunkServerOptions options)
            throws IOException {
        DiskThreads threads =
                new DiskThreads(store.disks().stream().map(DiskStatus::disk).toList(), options.threadsPerDisk());
        ChunkService service = new ChunkService(
                cluster,
                node,
                store,
                threads,
                options,
                new ByteBudget(options.writeBytes()),
                new ByteBudget(options.readBytes()),
                new AtomicInteger(),
                new LongAdder(),
                new LongAdder());
        return new ChunkServer(service, address, tls);
    }

    private final class Setup extends ChannelInitializer<Channel> {
        private final @Nullable SslContext tls;

        Setup(@Nullable SslContext tls) {
            this.tls = tls;
        }

        @Override
        protected void initChannel(Channel channel) {
            if (connections.size() >= service.options().maxConnections()) {
                LOG.warn("connection from {} refused: too many", channel.remoteAddress());
                channel.close();
                return;
            }
            ServerConnection connection = new ServerConnection(channel, service, node -> dismissed.contains(node));
            connections.add(connection);
            channels.add(channel);
            if (tls != null) {
                SslHandler handler = tls.newHandler(channel.alloc());
                handler.setHandshakeTimeoutMillis(HANDSHAKE_MILLIS);
                channel.pipeline().addLast(handler);
            }
            channel.pipeline()
                    .addLast(
                            new FlushConsolidationHandler(FLUSHES_TOGETHER, true),
                            ReadWhileAnswersLeave.INSTANCE,
                            FrameEncoder.INSTANCE,
                            new FrameDecoder(FrameType.Sender.CLIENT, connection));
            long check = service.options().silence().toMillis() / 2;
            Future<?> watch = channel.eventLoop()
                    .scheduleAtFixedRate(
                            () -> connection.closeIfDead(System.nanoTime()), check, check, TimeUnit.MILLISECONDS);
            channel.closeFuture().addListener(done -> {
                watch.cancel(false);
                connections.remove(connection);
            });
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listening.localAddress();
    }

    public Load load() {
        return new Load(
                connections.size(),
                service.streams().get(),
                service.writing().used(),
                service.options().writeBytes(),
                service.reading().used(),
                service.options().readBytes(),
                service.requests().sum(),
                service.turnedAway().sum());
    }

    /** Closes the connections of these nodes, and takes no more of them: they were removed from the cluster. */
    public synchronized void dismiss(Set<NodeId> removed) {
        if (removed.size() <= dismissed.size()) {
            // They only become more: what is known already, or was known before.
            return;
        }
        dismissed = Set.copyOf(removed);
        connections.forEach(ServerConnection::closeIfDismissed);
    }

    /** Refuses new requests and waits for those under way, but no longer than this. */
    public void drain(Duration patience) throws InterruptedException {
        listening.close().awaitUninterruptibly();
        connections.forEach(ServerConnection::drain);
        long end = System.nanoTime() + patience.toNanos();
        while (service.streams().get() > 0 && System.nanoTime() - end < 0) {
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** What is under way is given up. */
    @Override
    public void close() {
        listening.close().awaitUninterruptibly();
        // An event loop that is shut down may end without closing its channels, and then nobody would hear of their
        // end.
        channels.close().awaitUninterruptibly(CLOSE_MILLIS);
        stopLoops();
        service.threads().close();
    }

    private void stopLoops() {
        eventLoops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(2 * CLOSE_MILLIS);
    }
}
