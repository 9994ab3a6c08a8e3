package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.WallClock;
import io.grpc.ChannelCredentials;
import io.grpc.ServerCredentials;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.NettySslContextServerCredentials;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * TLS between the processes: 1.3 only, both sides show certificates of the cluster, by BoringSSL where its native library loads. What
 * is made here asks for the identity at every handshake, so that a renewed one needs no restart. Thread-safe.
 */
public final class ClusterTls {
    private static final String PROTOCOL = "TLSv1.3";

    private final Supplier<NodeIdentity> identity;
    private final Predicate<NodeId> removed;
    private final WallClock clock;
    private final X509ExtendedKeyManager keys;

    /** Of a process that knows of no removed nodes, and of no clock but its host's. */
    public ClusterTls(Supplier<NodeIdentity> identity) {
        this(identity, node -> false, WallClock.SYSTEM);
    }

    /**
     * @param removed whether a node was removed from the cluster, as far as is known: then its certificate is worth nothing any more
     * @param clock by which certificates are valid: the cluster's, where that is known
     */
    public ClusterTls(Supplier<NodeIdentity> identity, Predicate<NodeId> removed, WallClock clock) {
        this.identity = identity;
        this.removed = removed;
        this.clock = clock;
        this.keys = new IdentityKeys(identity);
    }

    /** For a gRPC server that only nodes of the cluster reach. */
    public ServerCredentials server() {
        return server(ClientAuth.REQUIRE, trustManager(anyRole()));
    }

    /**
     * For a gRPC server that also those reach who have no certificate yet: {@link CallerIdentity} must keep them from everything but
     * joining. A certificate that is shown must be the cluster's here, too, but may be a removed node's: it is for {@link Removal} to tell it so.
     */
    public ServerCredentials joinableServer() {
        return server(ClientAuth.OPTIONAL, new ClusterTrust(identity, anyRole(), node -> false, clock));
    }

    private ServerCredentials server(ClientAuth callers, X509ExtendedTrustManager trust) {
        try {
            return NettySslContextServerCredentials.create(GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
                    .trustManager(trust)
                    .clientAuth(callers)
                    .protocols(PROTOCOL)
                    .build());
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** For gRPC channels to servers of a role. */
    public ChannelCredentials channel(Node.Role server) {
        return channel(keys, trustManager(Set.of(server)));
    }

    static ChannelCredentials channel(@Nullable X509ExtendedKeyManager keys, X509ExtendedTrustManager trust) {
        try {
            var builder = GrpcSslContexts.forClient().trustManager(trust).protocols(PROTOCOL);
            return NettySslContextChannelCredentials.create(
                    (keys == null ? builder : builder.keyManager(keys)).build());
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** For the chunk channel's server. */
    public SslContext chunkServer() {
        return chunkServer(provider());
    }

    SslContext chunkServer(SslProvider provider) {
        try {
            return SslContextBuilder.forServer(keys)
                    .trustManager(trustManager(anyRole()))
                    .clientAuth(ClientAuth.REQUIRE)
                    .protocols(PROTOCOL)
                    .sslProvider(provider)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** For the chunk channel's clients: their handlers must be made with the host that is called, which is checked. */
    public SslContext chunkClient() {
        return chunkClient(provider());
    }

    SslContext chunkClient(SslProvider provider) {
        try {
            return SslContextBuilder.forClient()
                    .keyManager(keys)
                    .trustManager(trustManager(Set.of(Node.Role.DATASERVER)))
                    .endpointIdentificationAlgorithm("HTTPS")
                    .protocols(PROTOCOL)
                    .sslProvider(provider)
                    .build();
        } catch (SSLException e) {
            throw new IllegalStateException("no TLS", e);
        }
    }

    /** At a third of the JDK's cost per byte. */
    private static SslProvider provider() {
        return OpenSsl.isAvailable() ? SslProvider.OPENSSL_REFCNT : SslProvider.JDK;
    }

    /** What this node shows, for libraries with a TLS of their own. */
    public X509ExtendedKeyManager keyManager() {
        return keys;
    }

    /** Whom this node trusts, for libraries with a TLS of their own. */
    public X509ExtendedTrustManager trustManager(Set<Node.Role> peers) {
        return new ClusterTrust(identity, peers, removed, clock);
    }

    private static Set<Node.Role> anyRole() {
        return EnumSet.allOf(Node.Role.class);
    }
}
