package io.coffer.gateway.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * The threads that read and write a process' sockets. Servers and clients may have them in common: what one hands to another on the same
 * thread wakes nobody. Nothing may block them. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {
    /** How long what is being done may take when they are closed. */
    private static final long LAST_MILLIS = 2000;

    private final EventLoopGroup group;
    private final int threads;
    private final Transport transport;

    EventLoops(String name, int threads, Transport transport) {
        this.group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory(name, true), transport.io());
        this.threads = threads;
        this.transport = transport;
    }

    /**
     * Half as many as there are cores, at least one (decision 0002).
     *
     * @param name of the threads
     */
    public static EventLoops start(String name) {
        int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        return new EventLoops(name, threads, Transport.best());
    }

    /** For other users of Netty. */
    public EventLoopGroup group() {
        return group;
    }

    /** The kind of channel with which these connect. */
    public Class<? extends Channel> client() {
        return transport.client();
    }

    int threads() {
        return threads;
    }

    Transport transport() {
        return transport;
    }

    /** Connections that are still open end. */
    @Override
    public void close() {
        group.shutdownGracefully(0, LAST_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
    }
}
