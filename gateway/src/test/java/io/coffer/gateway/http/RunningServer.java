package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;

/** A server on a free port of the loopback; closing it checks that nothing is left of it. */
final class RunningServer implements AutoCloseable {
    static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-21T10:20:30Z"));
    static final String DATE = "Sat, 21 Nov 2026 10:20:30 GMT";

    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    private final HttpServer server;

    private RunningServer(HttpServer server) {
        this.server = server;
    }

    static RunningServer of(ExchangeHandler handler) throws IOException {
        return of(HttpLimits.DEFAULT, handler);
    }

    static RunningServer of(HttpLimits limits, ExchangeHandler handler) throws IOException {
        return of(limits, Optional.empty(), handler, Transport.best());
    }

    static RunningServer of(HttpLimits limits, Optional<TlsIdentity> tls, ExchangeHandler handler, Transport transport)
            throws IOException {
        return of(limits, tls, handler, transport, Thread::startVirtualThread, 1);
    }

    static RunningServer of(
            HttpLimits limits,
            Optional<TlsIdentity> tls,
            ExchangeHandler handler,
            Transport transport,
            Executor requests,
            int loops)
            throws IOException {
        InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return new RunningServer(new HttpServer(
                new HttpServer.Settings("http-test", free, tls, limits),
                handler,
                HttpErrorRenderer.PLAIN_TEXT,
                CLOCK,
                requests,
                new EventLoops("http-test", loops, transport),
                true));
    }

    HttpServer server() {
        return server;
    }

    int port() {
        return server.address().getPort();
    }

    RawClient connect() throws IOException {
        return RawClient.connect(port());
    }

    @Override
    public void close() {
        server.close(Duration.ofSeconds(5));
        assertThat(server.activeBuffers()).as("buffers that were not released").isZero();
        assertThat(server.waitingBodyBytes()).isZero();
        assertThat(server.counters().openConnections()).isZero();
        assertThat(server.counters().requestsInFlight()).isZero();
        assertThat(LEAKS).isEmpty();
    }
}
