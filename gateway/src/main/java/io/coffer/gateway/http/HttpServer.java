package io.coffer.gateway.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An HTTP/1.1 server on one port. Thread-safe; starts in its constructor and is closed once. */
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

    private static final int BACKLOG = 1024;

    /** Past the upper mark of answers that wait, no further request is taken from that connection. */
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private static final int PAGE_BYTES = 8192;

    /** Chunks of 2 MiB: 16 reads of the largest size. */
    private static final int MAX_ORDER = 8;

    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;

    /** Connections too many that are told so at a time; those past it are just closed. */
    private static final int MAX_REFUSED = 256;

    private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration MAX_TICK = Duration.ofMillis(500);
    private static final Duration MIN_TICK = Duration.ofMillis(10);

    /** After the deadline of a shutdown, how long handlers get to notice that their connections are gone. */
    private static final Duration LAST_CALL = Duration.ofSeconds(2);

    private final ServerContext context;
    private final ConnectionSet connections = new ConnectionSet();
    private final PooledByteBufAllocator allocator;

    /** Connections too many that are being told so. */
    private final ChannelGroup refused = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);

    private final EventLoops loops;
    private final boolean owned;
    private final Channel listening;
    private final Future<?> checking;
    private final @Nullable SslContext tls;

    /**
     * @param name of its threads
     * @param address port 0 takes a free one
     * @param tls empty for plain HTTP
     */
    public record Settings(String name, InetSocketAddress address, Optional<TlsIdentity> tls, HttpLimits limits) {}

    /**
     * A server with threads of its own.
     *
     * @throws IOException if the port can't be had, or the certificate is none
     */
    public HttpServer(Settings settings, ExchangeHandler handler, HttpErrorRenderer errors, InstantSource clock)
            throws IOException {
        this(settings, handler, errors, clock, Thread::startVirtualThread, EventLoops.start(settings.name()), true);
    }

    /**
     * A server on threads that others use too, and that outlive it.
     *
     * @throws IOException if the port can't be had, or the certificate is none
     */
    public HttpServer(
            Settings settings, ExchangeHandler handler, HttpErrorRenderer errors, InstantSource clock, EventLoops loops)
            throws IOException {
        this(settings, handler, errors, clock, Thread::startVirtualThread, loops, false);
    }

    /**
     * @param requests runs one request each on a thread that may block
     * @param owned whether the loops end with the server
     */
    HttpServer(
            Settings settings,
            ExchangeHandler handler,
            HttpErrorRenderer errors,
            InstantSource clock,
            Executor requests,
            EventLoops loops,
            boolean owned)
            throws IOException {
        this.loops = loops;
        this.owned = owned;
        this.context = new ServerContext(
                settings.limits(),
                handler,
                errors,
                new RequestStarts(requests),
                new HttpCounters(),
                new InboundBudget(settings.limits().body()),
                new DateHeader(clock),
                settings.tls().isPresent());
        this.tls = settings.tls().isPresent() ? settings.tls().get().serverContext() : null;
        this.allocator = new PooledByteBufAllocator(
                true, 0, loops.threads(), PAGE_BYTES, MAX_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
        boolean bound = false;
        try {
            this.listening = bind(settings.address());
            bound = true;
        } finally {
            if (!bound) {
                release();
            }
        }
        long tick = tick(settings.limits()).toNanos();
        this.checking = loops.group().next().scheduleAtFixedRate(this::checkTimes, tick, tick, TimeUnit.NANOSECONDS);
        LOG.info(
                "{} listens on {} ({}, {})",
                settings.name(),
                address(),
                loops.transport().name(),
                tls == null ? "plain" : "TLS");
    }

    private static Duration tick(HttpLimits limits) {
        Duration shortest = limits.idle();
        for (Duration limit : new Duration[] {
            limits.head().timeout(),
            limits.body().leftover().drainTimeout(),
            limits.body().leftover().lingerTimeout(),
            limits.response().window()
        }) {
            shortest = limit.compareTo(shortest) < 0 ? limit : shortest;
        }
        Duration tick = shortest.dividedBy(4);
        return tick.compareTo(MAX_TICK) > 0 ? MAX_TICK : tick.compareTo(MIN_TICK) < 0 ? MIN_TICK : tick;
    }

    private Channel bind(InetSocketAddress address) throws IOException {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loops.group())
                .channel(loops.transport().server())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.ALLOCATOR, allocator)
                .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReadSizer(context.budget()))
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        accepted(channel);
                    }
                });
        var future = bootstrap.bind(address).awaitUninterruptibly();
        if (!future.isSuccess()) {
            throw new IOException(
                    "can't listen on " + address + ": " + future.cause().getMessage(), future.cause());
        }
        return future.channel();
    }

    private void accepted(Channel channel) {
        HttpCounters counters = context.counters();
        counters.accepted.increment();
        counters.connections.incrementAndGet();
        channel.closeFuture().addListener(_ -> counters.connections.decrementAndGet());
        if (counters.openConnections() - refused.size() > context.limits().maxConnections()) {
            counters.refused.increment();
            refuse(channel);
            return;
        }
        if (tls != null) {
            SslHandler handler = tls.newHandler(channel.alloc());
            handler.setHandshakeTimeoutMillis(HANDSHAKE_TIMEOUT.toMillis());
            channel.pipeline().addLast(handler);
        }
        channel.pipeline().addLast(new HttpConnection(context, connections));
    }

    /** Says so and closes; over TLS there is nothing that could be said as cheaply. */
    private void refuse(Channel channel) {
        if (tls != null || refused.size() >= MAX_REFUSED) {
            channel.close();
        } else {
            refused.add(channel);
            channel.pipeline().addLast(new RefusingHandler(context));
        }
    }

    private void checkTimes() {
        long now = System.nanoTime();
        connections.each(connection -> connection.checkTime(now));
    }

    public InetSocketAddress address() {
        SocketAddress address = listening.localAddress();
        return (InetSocketAddress) address;
    }

    public HttpCounters counters() {
        return context.counters();
    }

    /** Bytes that the server's buffers take outside the heap, in use or kept for the next request. */
    public long directMemoryBytes() {
        return allocator.metric().usedDirectMemory();
    }

    /** Buffers in use; 0 once closed, unless one was lost. */
    long activeBuffers() {
        return allocator.metric().directArenas().stream()
                .mapToLong(PoolArenaMetric::numActiveAllocations)
                .sum();
    }

    /** Bytes of request bodies that wait for their handlers. */
    public long waitingBodyBytes() {
        return context.budget().held();
    }

    /**
     * Goes on serving, but has every connection end behind its next answer, so that clients find other servers before this one is
     * {@link #close closed} and connections that are idle at that moment are few.
     */
    public void retire() {
        connections.retire();
    }

    /**
     * Stops accepting, closes idle connections, and lets requests in flight finish.
     *
     * @param deadline after which connections are cut
     *
     * @return whether all requests finished
     */
    public boolean close(Duration deadline) {
        listening.close().awaitUninterruptibly();
        refused.close().awaitUninterruptibly();
        connections.drain();
        boolean finished = false;
        try {
            finished = connections.awaitEmpty(deadline.toNanos());
            if (!finished) {
                LOG.warn("{} connections are cut", context.counters().openConnections());
                connections.each(HttpConnection::abort);
                connections.awaitEmpty(LAST_CALL.toNanos());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        checking.cancel(false);
        release();
        return finished;
    }

    private void release() {
        if (owned) {
            loops.close();
        }
        ReferenceCountUtil.release(tls);
    }

    @Override
    public void close() {
        close(Duration.ZERO);
    }
}
