package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.WallClock;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trusts nodes of this cluster that have one of some roles: the chain ends in the cluster's authority, is valid now by the cluster's time, and for a server
 * holds the host that was called (which the JDK checks, as for any HTTPS server); and its URI names a node of the cluster that wasn't removed.
 * Thread-safe.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterTrust.class);
    private static final X509Certificate[] NONE = {};
    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

    private final Supplier<NodeIdentity> identity;
    private final Set<Node.Role> roles;
    private final Predicate<NodeId> removed;

    private final WallClock clock;
    private final AtomicLong saidMillis = new AtomicLong(Long.MIN_VALUE / 2);

    ClusterTrust(Supplier<NodeIdentity> identity, Set<Node.Role> roles, Predicate<NodeId> removed, WallClock clock) {
        this.identity = identity;
        this.roles = Set.copyOf(roles);
        this.removed = removed;
        this.clock = clock;
    }

    private X509ExtendedTrustManager chains(X509Certificate[] chain) throws CertificateException {
        try {
            return AnchoredTrust.of(identity.get().authority(), Validity.check(chain[0], clock));
        } catch (CertificateException e) {
            say(e);
            throw e;
        }
    }

    /** The library that asks tells nobody why a handshake failed, and here a person must act. */
    private void say(CertificateException why) {
        long now = clock.millis();
        long last = saidMillis.get();
        if (Math.abs(now - last) > SAY_AGAIN.toMillis() && saidMillis.compareAndSet(last, now)) {
            LOG.warn("a connection fails: {}", why.getMessage());
        }
    }

    private void checkNode(X509Certificate[] chain) throws CertificateException {
        PeerIdentity peer = PeerIdentity.of(chain[0]);
        if (!peer.cluster().equals(identity.get().cluster())) {
            throw new CertificateException("a node of cluster " + peer.cluster());
        }
        if (!roles.contains(peer.role())) {
            throw new CertificateException("a " + peer.roleName() + " has no business here");
        }
        if (removed.test(peer.node())) {
            throw new CertificateException(Removal.text(peer.node()));
        }
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains(chain).checkClientTrusted(chain, authType, engine);
        checkNode(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains(chain).checkServerTrusted(chain, authType, engine);
        checkNode(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains(chain).checkClientTrusted(chain, authType, socket);
        checkNode(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains(chain).checkServerTrusted(chain, authType, socket);
        checkNode(chain);
    }

    /** Without an engine nobody could know which host was called. */
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no connection");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no connection");
    }

    /** None, so that a server doesn't list them to every caller: nodes have one certificate. */
    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return NONE.clone();
    }
}
