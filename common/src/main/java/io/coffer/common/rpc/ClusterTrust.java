package io.coffer.common.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts nodes of this cluster that have one of some roles: the chain ends in the cluster's authority, is valid now, and for a server
 * holds the host that was called (which the JDK checks, as for any HTTPS server); and its URI names a node of the cluster that wasn't removed.
 * Thread-safe.
 */
final class ClusterTrust extends X509ExtendedTrustManager {
    private static final X509Certificate[] NONE = {};

    private final Supplier<NodeIdentity> identity;
    private final Set<Node.Role> roles;
    private final Predicate<NodeId> removed;

    /** For the authority that was current when it was made; authorities live for years. */
    private volatile AnchoredTrust anchored;

    ClusterTrust(Supplier<NodeIdentity> identity, Set<Node.Role> roles, Predicate<NodeId> removed) {
        this.identity = identity;
        this.roles = Set.copyOf(roles);
        this.removed = removed;
        this.anchored = AnchoredTrust.of(identity.get().authority());
    }

    private X509ExtendedTrustManager chains() {
        X509Certificate authority = identity.get().authority();
        AnchoredTrust current = anchored;
        if (!current.authority().equals(authority)) {
            current = AnchoredTrust.of(authority);
            anchored = current;
        }
        return current.chains();
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
        chains().checkClientTrusted(chain, authType, engine);
        checkNode(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
            throws CertificateException {
        chains().checkServerTrusted(chain, authType, engine);
        checkNode(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains().checkClientTrusted(chain, authType, socket);
        checkNode(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
            throws CertificateException {
        chains().checkServerTrusted(chain, authType, socket);
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
