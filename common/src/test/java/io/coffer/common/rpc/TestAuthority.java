package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** A cluster's authority that gives every test the identities it asks for, by default for the loopback. */
public final class TestAuthority {
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "::1");

    private final SecureRandom random = new SecureRandom();
    private final CertificateAuthority authority;

    public TestAuthority() {
        this(new ClusterId(UUID.randomUUID()));
    }

    public TestAuthority(ClusterId cluster) {
        this.authority = CertificateAuthority.make(cluster, Instant.now(), random);
    }

    public CertificateAuthority authority() {
        return authority;
    }

    /** A new node that is valid for a day. */
    public NodeIdentity node(Node.Role role) {
        return node(role, LOOPBACK);
    }

    public NodeIdentity node(Node.Role role, List<String> hosts) {
        return node(role, new NodeId(UUID.randomUUID()), hosts, Instant.now(), Duration.ofDays(1));
    }

    public NodeIdentity node(Node.Role role, NodeId id, List<String> hosts, Instant from, Duration life) {
        KeyPair keys = CertificateAuthority.newKeys(random);
        PeerIdentity peer = new PeerIdentity(authority.cluster(), role, id);
        try {
            var certificate = authority.issue(keys.getPublic(), peer, hosts, from, life);
            return NodeIdentity.of(keys.getPrivate(), List.of(certificate), authority.certificate());
        } catch (CertificateException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A node whose certificate ended a while ago. */
    public NodeIdentity expired(Node.Role role) {
        Instant then = Instant.now().minus(Duration.ofDays(3));
        return node(role, new NodeId(UUID.randomUUID()), LOOPBACK, then, Duration.ofDays(2));
    }
}
