package io.coffer.deploy.server;

import io.coffer.common.config.HostPort;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.gateway.http.EventLoops;
import io.coffer.gateway.http.ExchangeHandler;
import io.coffer.gateway.http.HttpErrorRenderer;
import io.coffer.gateway.http.HttpLimits;
import io.coffer.gateway.http.HttpServer;
import io.coffer.gateway.http.TlsIdentity;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The HTTP endpoints of a process, with or without TLS. */
public final class Endpoints {
    private final Optional<TlsIdentity> tls;
    private final int maxConnections;

    private Endpoints(Optional<TlsIdentity> tls, int maxConnections) {
        this.tls = tls;
        this.maxConnections = maxConnections;
    }

    /**
     * Endpoints that speak HTTP or, if configured, HTTPS.
     *
     * @param keys where a self-made certificate is kept
     */
    public static Endpoints of(ServerConfig.Tls tls, HostPort address, FileSystem keys, int maxConnections)
            throws IOException {
        return new Endpoints(identity(tls, address, keys), maxConnections);
    }

    /** Endpoints without TLS, for health and metrics alone. */
    public static Endpoints plain(int maxConnections) {
        return new Endpoints(Optional.empty(), maxConnections);
    }

    private static Optional<TlsIdentity> identity(ServerConfig.Tls tls, HostPort address, FileSystem keys)
            throws IOException {
        if (!tls.enabled()) {
            return Optional.empty();
        }
        if (tls.certificate().isEmpty()) {
            List<String> hosts = List.of("localhost", "127.0.0.1", address.host());
            return Optional.of(
                    TlsIdentity.loadOrMake(keys, hosts.stream().distinct().toList(), Instant.now()));
        }
        FileSystem root = RealFileSystem.at("/");
        return Optional.of(TlsIdentity.load(root, belowRoot(tls.certificate()), belowRoot(tls.key())));
    }

    private static String belowRoot(String path) throws IOException {
        return new File(path).getCanonicalPath().substring(1);
    }

    /** Opens one, with threads of its own. */
    public HttpServer listen(String name, HostPort address, ExchangeHandler handler, HttpErrorRenderer errors)
            throws IOException {
        return new HttpServer(settings(name, address), handler, errors, InstantSource.system());
    }

    /** Opens one on threads that it shares. */
    public HttpServer listen(
            String name, HostPort address, ExchangeHandler handler, HttpErrorRenderer errors, EventLoops loops)
            throws IOException {
        return new HttpServer(settings(name, address), handler, errors, InstantSource.system(), loops);
    }

    private HttpServer.Settings settings(String name, HostPort address) {
        HttpLimits limits = HttpLimits.DEFAULT;
        return new HttpServer.Settings(
                name,
                new InetSocketAddress(address.host(), address.port()),
                tls,
                new HttpLimits(maxConnections, limits.idle(), limits.head(), limits.body(), limits.response()));
    }

    /** Where a client on this host reaches one. */
    public URI uri(HttpServer server) {
        InetSocketAddress address = server.address();
        String host = address.getAddress().isAnyLocalAddress()
                ? "127.0.0.1"
                : address.getAddress().getHostAddress();
        return URI.create((tls.isPresent() ? "https://" : "http://")
                + (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort());
    }
}
