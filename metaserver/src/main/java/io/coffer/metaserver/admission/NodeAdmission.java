package io.coffer.metaserver.admission;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.RedeemToken;
import io.coffer.common.metadata.SystemQuery.GetClusterMap;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.CertificateRequest;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.WallClock;
import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who gets a certificate: whoever has a token, and nodes that are on the cluster's map. Thread-safe.
 *
 * <p>Futures fail with {@link CertificateException} for a request that makes no sense, and otherwise like a {@link MetadataClient}'s:
 * INVALID_TOKEN, INVALID_ARGUMENT when another node has the name or the node another role, NO_SUCH_NODE for a renewal by a node that
 * was removed.
 */
public final class NodeAdmission {
    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmission.class);

    private final MetadataClient metadata;
    private final ClusterKey clusterKey;
    private final AuthorityDocument authority;
    private final Duration life;
    private final WallClock clock;
    private final SecureRandom random;

    /** @param life of the certificates it gives */
    public NodeAdmission(
            MetadataClient metadata, ClusterKey clusterKey, Duration life, WallClock clock, SecureRandom random) {
        this.metadata = metadata;
        this.clusterKey = clusterKey;
        this.authority = new AuthorityDocument(metadata, clusterKey, clock, random);
        this.life = life;
        this.clock = clock;
        this.random = random;
    }

    /**
     * A node that asks to join.
     *
     * @param secretHash SHA-256 of the token's secret
     * @param name may be empty
     * @param request PKCS#10
     */
    public record Applicant(
            String tokenId,
            ByteBuffer secretHash,
            Node.Role role,
            NodeId node,
            String name,
            List<String> hosts,
            ByteBuffer request) {
        public Applicant {
            hosts = List.copyOf(hosts);
        }
    }

    /** A node's certificate and who issued it. */
    public record Issued(X509Certificate certificate, X509Certificate authority) {}

    /** @param clusterKey for those roles that open secrets; empty for others */
    public record Admitted(Issued issued, Optional<ClusterKey> clusterKey) {}

    /**
     * Uses a token up for a node. The same node may come again with the same key, after a lost answer or a crash. What a token allows
     * is to be a node of its role, also one that there was before.
     */
    public CompletableFuture<Admitted> join(Applicant applicant) {
        PublicKey key;
        try {
            key = CertificateRequest.publicKey(bytes(applicant.request()));
        } catch (CertificateException e) {
            return CompletableFuture.failedFuture(e);
        }
        RedeemToken redeem = new RedeemToken(
                applicant.tokenId(),
                applicant.secretHash(),
                applicant.role(),
                applicant.node(),
                ByteBuffer.wrap(Invitation.sha256(key.getEncoded())));
        return metadata.submit(GroupId.SYSTEM, RequestId.create(metadata.birthMillis(clock.millis()), random), redeem)
                .thenCompose(redeemed -> map())
                .thenCompose(map -> {
                    checkPlace(map, applicant);
                    return authority.read();
                })
                .thenApply(issuer -> {
                    PeerIdentity identity = new PeerIdentity(issuer.cluster(), applicant.role(), applicant.node());
                    LOG.info("{} joins with token {}", identity, applicant.tokenId());
                    return new Admitted(issue(issuer, key, identity, applicant.hosts()), keyFor(applicant.role()));
                });
    }

    private static void checkPlace(ClusterMap map, Applicant applicant) {
        for (Node node : map.nodes().values()) {
            boolean same = node.id().equals(applicant.node());
            if (same && node.role() != applicant.role()) {
                throw refused(Refusal.INVALID_ARGUMENT, "node " + node.id() + " has another role");
            }
            if (!same && !applicant.name().isEmpty() && node.name().equals(applicant.name())) {
                throw refused(Refusal.INVALID_ARGUMENT, "there is another node called '" + node.name() + "'");
            }
        }
    }

    /** Dataservers move sealed bytes only. */
    private Optional<ClusterKey> keyFor(Node.Role role) {
        return switch (role) {
            case METASERVER, GATEWAY -> Optional.of(clusterKey);
            case DATASERVER -> Optional.empty();
        };
    }

    /** Gives a node of the map another certificate, as the one it is. */
    public CompletableFuture<Issued> renew(PeerIdentity caller, List<String> hosts, ByteBuffer request) {
        PublicKey key;
        try {
            key = CertificateRequest.publicKey(bytes(request));
        } catch (CertificateException e) {
            return CompletableFuture.failedFuture(e);
        }
        return map().thenCompose(map -> {
                    Node node = map.nodes().get(caller.node());
                    if (node == null || node.role() != caller.role()) {
                        throw refused(Refusal.NO_SUCH_NODE, caller + " is not on the cluster's map");
                    }
                    return authority.read();
                })
                .thenApply(issuer -> issue(issuer, key, caller, hosts));
    }

    private CompletableFuture<ClusterMap> map() {
        return metadata.query(GroupId.SYSTEM, new GetClusterMap()).thenApply(reply -> reply.map());
    }

    private Issued issue(CertificateAuthority issuer, PublicKey key, PeerIdentity identity, List<String> hosts) {
        try {
            return new Issued(issuer.issue(key, identity, hosts, clock.now(), life), issuer.certificate());
        } catch (CertificateException e) {
            throw new CompletionException(e);
        }
    }

    private static CompletionException refused(Refusal refusal, String detail) {
        return new CompletionException(new RefusedException(refusal, detail));
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
