package io.coffer.dataserver.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.dataserver.chunk.OpenStore;
import io.netty.handler.ssl.SslContext;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Certificates of nodes on the loopback. Contexts hold native memory, and live as long as the process does. */
final class TestTls {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final CertificateAuthority AUTHORITY =
            CertificateAuthority.make(OpenStore.CLUSTER, Instant.now(), RANDOM);

    /** A cluster whose dataserver is the one of {@link OpenStore}. */
    static final TestTls SHARED = new TestTls(OpenStore.NODE);

    /** Another dataserver of that cluster. */
    static final TestTls ELSEWHERE = new TestTls(NodeId.parse("44444444-4444-4444-8444-444444444444"));

    final NodeIdentity dataserver;
    final NodeIdentity caller;
    private final SslContext server;
    private final SslContext client;

    private TestTls(NodeId node) {
        dataserver = identity(Node.Role.DATASERVER, node);
        caller = identity(Node.Role.GATEWAY, Wire.CALLER);
        server = new ClusterTls(() -> dataserver).chunkServer();
        client = new ClusterTls(() -> caller).chunkClient();
    }

    private static NodeIdentity identity(Node.Role role, NodeId node) {
        KeyPair keys = CertificateAuthority.newKeys(RANDOM);
        try {
            return NodeIdentity.of(
                    keys.getPrivate(),
                    List.of(AUTHORITY.issue(
                            keys.getPublic(),
                            new PeerIdentity(OpenStore.CLUSTER, role, node),
                            List.of("127.0.0.1"),
                            Instant.now(),
                            Duration.ofDays(1))),
                    AUTHORITY.certificate());
        } catch (CertificateException e) {
            throw new AssertionError(e);
        }
    }

    SslContext server() {
        return server;
    }

    SslContext client() {
        return client;
    }
}
