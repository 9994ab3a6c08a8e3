package io.coffer.metaserver.admission;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.rpc.PeerIdentity;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.WallClock;
import java.io.IOException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the first metaserver of a cluster does that no other node does: makes the cluster's id, key and certificate authority and its own
 * certificate, and hands the authority to the system group. Each is durable before the next is made from it, and the authority's file goes
 * only when the group has it, so that a start which was interrupted is finished by the next one. Used by one thread at a time.
 */
public final class FirstMetaserver {
    private static final Logger LOG = LoggerFactory.getLogger(FirstMetaserver.class);

    /** There from the making of the authority until the system group has it. */
    private static final String AUTHORITY_FILE = "authority.pem";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final FileSystem keys;
    private final Duration life;
    private final WallClock clock;
    private final SecureRandom random;

    /**
     * @param keys the directory of keys
     * @param life of this node's certificate
     */
    public FirstMetaserver(FileSystem keys, Duration life, WallClock clock, SecureRandom random) {
        this.keys = keys;
        this.life = life;
        this.clock = clock;
        this.random = random;
    }

    /** Who the cluster's first node is, and its key. */
    public record Founded(NodeIdentity identity, ClusterKey clusterKey) {}

    /**
     * Makes what there isn't yet. The cluster's id is the identity's.
     *
     * @param hosts names and addresses at which others reach this node
     * @throws IOException if the directory can't be used, or is another node's; in words for an operator
     */
    public Founded found(List<String> hosts) throws IOException {
        keys.createDirectories("");
        Optional<NodeIdentity> identity = NodeIdentity.load(keys);
        Optional<ClusterKey> key = ClusterKey.load(keys);
        if (identity.isPresent()) {
            if (identity.get().role() != Node.Role.METASERVER || key.isEmpty()) {
                throw new IOException("the directory of keys holds a node that founded no cluster: " + identity.get());
            }
            return new Founded(identity.get(), key.get());
        }
        ClusterKey clusterKey = key.isPresent() ? key.get() : makeKey();
        Optional<CertificateAuthority> known = CertificateAuthority.load(keys, AUTHORITY_FILE, random);
        CertificateAuthority authority = known.isPresent() ? known.get() : makeAuthority();
        NodeIdentity made = identity(authority, hosts);
        made.save(keys);
        LOG.info("founded cluster {} as {}", made.cluster(), made);
        return new Founded(made, clusterKey);
    }

    /** Whether the system group has had everything that was made here: then the cluster exists, whatever this node still has of it. */
    public boolean isFinished() throws IOException {
        return NodeIdentity.load(keys).isPresent() && !keys.exists(AUTHORITY_FILE);
    }

    private ClusterKey makeKey() throws IOException {
        ClusterKey made = ClusterKey.make(random);
        made.save(keys);
        return made;
    }

    private CertificateAuthority makeAuthority() throws IOException {
        CertificateAuthority made = CertificateAuthority.make(new ClusterId(UUID.randomUUID()), clock.now(), random);
        keys.replace(AUTHORITY_FILE, made.encode());
        return made;
    }

    private NodeIdentity identity(CertificateAuthority authority, List<String> hosts) throws IOException {
        KeyPair pair = CertificateAuthority.newKeys(random);
        PeerIdentity self = new PeerIdentity(authority.cluster(), Node.Role.METASERVER, new NodeId(UUID.randomUUID()));
        try {
            X509Certificate own = authority.issue(pair.getPublic(), self, hosts, clock.now(), life);
            return NodeIdentity.of(pair.getPrivate(), List.of(own), authority.certificate());
        } catch (CertificateException e) {
            throw new IOException("can't make this node's certificate: " + e.getMessage(), e);
        }
    }

    /**
     * Hands the authority to the system group, unless that was done. To be called at every start, once the group has a leader.
     *
     * @throws RefusedException STALE_EPOCH if the group has another authority
     */
    public void handOver(MetadataClient metadata, ClusterKey clusterKey)
            throws IOException, MetadataUnavailableException, RefusedException, InterruptedException {
        Optional<CertificateAuthority> authority = CertificateAuthority.load(keys, AUTHORITY_FILE, random);
        if (authority.isEmpty()) {
            return;
        }
        AuthorityDocument document = new AuthorityDocument(metadata, clusterKey, clock, random);
        try {
            document.store(authority.get()).get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RefusedException refused -> throw refused;
                case MetadataUnavailableException unavailable -> throw unavailable;
                case null, default -> throw new IllegalStateException("could not store the authority", e);
            }
        } catch (TimeoutException e) {
            throw new MetadataUnavailableException("no answer in time", e);
        }
        keys.delete(AUTHORITY_FILE);
        keys.syncDirectory("");
        LOG.info("the system group has the certificate authority");
    }
}
