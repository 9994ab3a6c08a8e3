package io.coffer.common.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.proto.rpc.JoinGrpc;
import io.coffer.proto.rpc.JoinMessages.JoinRequest;
import io.coffer.proto.rpc.JoinMessages.JoinResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes this process a node of a cluster that invited it. Nothing is sent to a server that isn't of that cluster. What was decided is
 * on disk before it is sent, and what was got before it is used: a crash at any point is followed by the same request, which is
 * answered again. Used by one thread at a time.
 */
public final class JoinClient {
    private static final Logger LOG = LoggerFactory.getLogger(JoinClient.class);

    private final FileSystem keys;
    private final WallClock clock;
    private final Ticker ticker;
    private final SecureRandom random;
    private final Duration pause;

    /**
     * @param keys the directory of keys, where the identity is kept
     * @param pause between two rounds of asking all metaservers
     */
    public JoinClient(FileSystem keys, WallClock clock, Ticker ticker, SecureRandom random, Duration pause) {
        this.keys = keys;
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.pause = pause;
    }

    /**
     * Who wants to join.
     *
     * @param name what people call it; may be empty
     * @param hosts names and addresses at which others reach it
     */
    public record Applicant(Node.Role role, String name, List<String> hosts) {
        public Applicant {
            hosts = List.copyOf(hosts);
        }
    }

    /** Who this process is, if it has joined and its certificate is still valid. */
    public Optional<NodeIdentity> joined() throws IOException {
        Optional<NodeIdentity> found = NodeIdentity.load(keys);
        return found.filter(identity -> identity.expires().isAfter(clock.now()));
    }

    /**
     * Joins, or does nothing when that was done before. A node whose certificate has expired joins again as the one it was.
     *
     * @param metaservers any that are known, asked in turn
     * @param patience how long to go on asking while none answers
     * @throws JoinException if the cluster refused, or none answered in time
     */
    public NodeIdentity join(Invitation invitation, List<HostPort> metaservers, Applicant applicant, Duration patience)
            throws JoinException, IOException, InterruptedException {
        Optional<NodeIdentity> done = joined();
        if (done.isPresent()) {
            PendingJoin.forget(keys);
            return done.get();
        }
        NodeId self = NodeIdentity.load(keys).map(NodeIdentity::node).orElseGet(() -> new NodeId(UUID.randomUUID()));
        PendingJoin pending = PendingJoin.find(keys, self, random);
        JoinRequest request = request(invitation, applicant, pending);
        long start = ticker.nanos();
        while (true) {
            JoinException failure = new JoinException("no metaserver to join at was given", null);
            boolean hopeless = true;
            for (HostPort metaserver : metaservers) {
                InvitedTrust trust = new InvitedTrust(invitation, clock);
                try {
                    return accept(ask(metaserver, trust, request), invitation, applicant, pending);
                } catch (StatusRuntimeException e) {
                    failure = failure(metaserver, trust, e);
                    if (isFinal(e.getStatus())) {
                        throw failure;
                    }
                    hopeless &= trust.trouble().isPresent();
                }
            }
            if (hopeless || ticker.nanos() - start + pause.toNanos() > patience.toNanos()) {
                throw failure;
            }
            LOG.info("{}; asking again", failure.getMessage());
            Thread.sleep(pause);
        }
    }

    private static JoinRequest request(Invitation invitation, Applicant applicant, PendingJoin pending) {
        return JoinRequest.newBuilder()
                .setTokenId(invitation.id())
                .setTokenSecret(ByteString.copyFrom(invitation.secret()))
                .setRole(ClusterCodec.encode(applicant.role()))
                .setNode(ClusterCodec.encode(pending.node().value()))
                .setName(applicant.name())
                .addAllHosts(applicant.hosts())
                .setCertificateRequest(pending.request())
                .build();
    }

    private static JoinResponse ask(HostPort metaserver, InvitedTrust trust, JoinRequest request) {
        try (ShortChannel channel = ShortChannel.open(metaserver, ClusterTls.channel(null, trust))) {
            return JoinGrpc.newBlockingStub(channel.channel())
                    .withDeadlineAfter(ShortChannel.DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .join(request);
        }
    }

    private static boolean isFinal(Status status) {
        return switch (status.getCode()) {
            case PERMISSION_DENIED, INVALID_ARGUMENT, FAILED_PRECONDITION -> true;
            default -> false;
        };
    }

    private static JoinException failure(HostPort metaserver, InvitedTrust trust, StatusRuntimeException e) {
        String why =
                trust.trouble().orElseGet(() -> String.valueOf(e.getStatus().getDescription()));
        return new JoinException("could not join at " + metaserver + ": " + why, e);
    }

    /** Keeps what was got; the identity last, because it says that the rest is there. */
    private NodeIdentity accept(JoinResponse response, Invitation invitation, Applicant applicant, PendingJoin pending)
            throws IOException, JoinException {
        try {
            X509Certificate authority = Pem.certificate(response.getAuthority().toByteArray());
            NodeIdentity identity = IssuedChain.identity(pending.key(), response.getChainList(), authority);
            if (!invitation.isFrom(authority)
                    || !identity.node().equals(pending.node())
                    || identity.role() != applicant.role()) {
                throw new CertificateException("it is another node's");
            }
            if (!response.getClusterKey().isEmpty()) {
                ClusterKey.of(response.getClusterKey().toByteArray()).save(keys);
            }
            identity.save(keys);
            PendingJoin.forget(keys);
            LOG.info("joined cluster {} as {}", identity.cluster(), identity);
            return identity;
        } catch (CertificateException | IllegalArgumentException e) {
            throw new JoinException("the cluster gave a certificate of no use: " + e.getMessage(), e);
        }
    }
}
