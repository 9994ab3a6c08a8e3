package io.coffer.common.chunk.remote;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameDecoder;
import io.coffer.common.chunk.wire.FrameEncoder;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.rpc.PeerIdentity;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one connection to a peer, made when it is first wanted. Thread-safe.
 *
 * <p>While the peer isn't known to be unreachable, callers wait for the connection. After a failure they don't: all are refused at once until an
 * attempt succeeds. Those go on by themselves, so that whoever was cut off is back before anybody asks.
 */
final class PeerLink {
    private static final Logger LOG = LoggerFactory.getLogger(PeerLink.class);
    private static final int MAX_DOUBLINGS = 10;
    private static final int FLUSHES_TOGETHER = 64;

    private final ChunkClient client;
    private final Peer peer;
    private final ReentrantLock lock = new ReentrantLock();

    private volatile @Nullable PeerConnection current;

    /** Guarded by the lock, as is all that follows. */
    private @Nullable CompletableFuture<PeerConnection> attempt;

    private int failures;
    private long retryNanos;
    private String lastFailure = "";
    private boolean closed;

    PeerLink(ChunkClient client, Peer peer) {
        this.client = client;
        this.peer = peer;
    }

    /** A connection that is open; waits for it unless the peer is known to be unreachable. */
    PeerConnection get() throws ChunkException {
        PeerConnection open = current;
        if (open != null && open.isOpen()) {
            return open;
        }
        CompletableFuture<PeerConnection> awaited;
        lock.lock();
        try {
            awaited = attempt();
            if (failures > 0 && !awaited.isDone()) {
                throw unreachable(lastFailure);
            }
        } finally {
            lock.unlock();
        }
        try {
            return awaited.get(2 * Limits.CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw unreachable(String.valueOf(cause == null ? e.getMessage() : cause.getMessage()));
        } catch (TimeoutException e) {
            throw unreachable("no connection in time");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }

    private ChunkException unreachable(String why) {
        return new ChunkException(ChunkError.UNAVAILABLE, "node " + peer + " can't be reached: " + why);
    }

    private CompletableFuture<PeerConnection> attempt() throws ChunkException {
        if (closed) {
            throw unreachable("it has left, or has another address");
        }
        PeerConnection lost = current;
        if (lost != null) {
            if (lost.isOpen()) {
                return CompletableFuture.completedFuture(lost);
            }
            current = null;
            if (lost.wasSilent()) {
                failed("nothing was heard of it");
            }
        }
        CompletableFuture<PeerConnection> running = attempt;
        if (running != null) {
            return running;
        }
        if (failures > 0 && System.nanoTime() - retryNanos < 0) {
            throw unreachable(lastFailure);
        }
        CompletableFuture<PeerConnection> begun = new CompletableFuture<>();
        attempt = begun;
        // Looking up a name blocks.
        Thread.ofVirtual().name("chunk-connect").start(() -> connect(begun));
        return begun;
    }

    private void failed(String why) {
        if (failures == 0) {
            LOG.warn("node {} can't be reached: {}", peer, why);
        }
        long backoff = Math.min(
                Limits.MAX_BACKOFF.toNanos(), Limits.FIRST_BACKOFF.toNanos() << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        lastFailure = why;
        retryNanos = System.nanoTime() + backoff;
        try {
            client.eventLoops().schedule(this::retry, backoff, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("no more attempts to reach node {}: the client is closed", peer);
        }
    }

    private void retry() {
        lock.lock();
        try {
            attempt();
        } catch (ChunkException e) {
            LOG.debug("no attempt to reach node {} now: {}", peer, e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void connect(CompletableFuture<PeerConnection> begun) {
        InetSocketAddress address = new InetSocketAddress(peer.host(), peer.port());
        if (address.isUnresolved()) {
            settle(begun, null, "no address is known for " + peer.host());
            return;
        }
        ChannelFuture connecting = new Bootstrap()
                .group(client.eventLoops())
                .channel(ChunkTransport.BEST.client())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Limits.CONNECT_TIMEOUT.toMillis())
                .option(ChannelOption.ALLOCATOR, ChunkTransport.ALLOCATOR)
                .option(ChannelOption.RECVBUF_ALLOCATOR, ChunkTransport.readSizes())
                .handler(new Setup())
                .connect(address);
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                Channel channel = connecting.channel();
                PeerConnection connection = channel.attr(Setup.CONNECTION).get();
                connection.welcomed().whenComplete((welcomed, failure) -> {
                    if (failure == null) {
                        settle(begun, welcomed, "");
                    } else {
                        settle(begun, null, String.valueOf(failure.getMessage()));
                    }
                });
                channel.eventLoop()
                        .schedule(
                                () -> {
                                    if (!connection.welcomed().isDone()) {
                                        connection.close("no welcome in time");
                                    }
                                },
                                Limits.CONNECT_TIMEOUT.toMillis(),
                                TimeUnit.MILLISECONDS);
            } else {
                settle(begun, null, String.valueOf(done.cause().getMessage()));
            }
        });
    }

    /** The trust of the context goes as far as the cluster and the role: any dataserver could answer. */
    private boolean isPeer(SslHandler handler) {
        try {
            return PeerIdentity.of(handler.engine().getSession()).node().equals(peer.node());
        } catch (CertificateException e) {
            return false;
        }
    }

    private final class Setup extends ChannelInitializer<Channel> {
        static final io.netty.util.AttributeKey<PeerConnection> CONNECTION =
                io.netty.util.AttributeKey.valueOf(PeerLink.class, "connection");

        @Override
        protected void initChannel(Channel channel) {
            PeerConnection connection = new PeerConnection(channel, peer.node());
            channel.attr(CONNECTION).set(connection);
            client.add(channel);
            SslContext tls = client.tls();
            if (tls != null) {
                SslHandler handler = tls.newHandler(channel.alloc(), peer.host(), peer.port());
                handler.setHandshakeTimeoutMillis(Limits.CONNECT_TIMEOUT.toMillis());
                channel.pipeline().addLast(handler);
                handler.handshakeFuture().addListener(done -> {
                    if (!done.isSuccess()) {
                        connection.close("no TLS: " + done.cause().getMessage());
                    } else if (isPeer(handler)) {
                        connection.begin(client);
                    } else {
                        connection.close("it shows another node's certificate");
                    }
                });
            }
            channel.pipeline()
                    .addLast(
                            new FlushConsolidationHandler(FLUSHES_TOGETHER, true),
                            FrameEncoder.INSTANCE,
                            new FrameDecoder(FrameType.Sender.SERVER, connection));
            if (tls == null) {
                channel.pipeline().addLast(new BeginWhenActive(connection, client));
            }
        }
    }

    private void settle(CompletableFuture<PeerConnection> begun, @Nullable PeerConnection connection, String why) {
        boolean unwanted;
        lock.lock();
        try {
            attempt = null;
            unwanted = closed;
            if (connection == null) {
                failed(why);
            } else if (!unwanted) {
                if (failures > 0) {
                    LOG.info("node {} is reached again", peer);
                }
                failures = 0;
                current = connection;
            }
        } finally {
            lock.unlock();
        }
        if (connection == null) {
            begun.completeExceptionally(unreachable(why));
        } else if (unwanted) {
            connection.close("not wanted any more");
            begun.completeExceptionally(unreachable("it has left, or has another address"));
        } else {
            begun.complete(connection);
        }
    }

    void close() {
        PeerConnection open;
        lock.lock();
        try {
            closed = true;
            open = current;
        } finally {
            lock.unlock();
        }
        if (open != null) {
            open.close("not wanted any more");
        }
    }
}
