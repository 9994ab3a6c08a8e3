package io.coffer.metaserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashPoints;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.metadata.SystemCommand.DeleteToken;
import io.coffer.common.metadata.SystemCommand.RemoveNode;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.CertificateRequest;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.rpc.JoinClient.Applicant;
import io.coffer.common.rpc.JoinException;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.rpc.TestAuthority;
import io.coffer.common.seal.ClusterKey;
import io.coffer.common.time.WallClock;
import io.coffer.proto.rpc.CertificatesGrpc;
import io.coffer.proto.rpc.JoinGrpc;
import io.coffer.proto.rpc.JoinMessages.JoinRequest;
import io.coffer.proto.rpc.JoinMessages.RenewRequest;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that join, over TLS on the loopback, a cluster whose system group has one peer. */
final class JoinTest {
    private static final Applicant GATEWAY = new Applicant(Node.Role.GATEWAY, "", JoinCluster.LOOPBACK);

    @TempDir
    static Path directory;

    private static JoinCluster cluster;
    private static final AtomicInteger ANSWERS_TO_LOSE = new AtomicInteger();
    private static final AtomicInteger CALLS = new AtomicInteger();

    /** Does what was asked, and loses the answer. */
    private static final ServerInterceptor LOSING = new ServerInterceptor() {
        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            CALLS.incrementAndGet();
            return next.startCall(
                    new SimpleForwardingServerCall<>(call) {
                        private boolean lost;

                        @Override
                        public void sendMessage(R message) {
                            lost = ANSWERS_TO_LOSE.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
                            if (!lost) {
                                super.sendMessage(message);
                            }
                        }

                        @Override
                        public void close(Status status, Metadata trailers) {
                            super.close(lost ? Status.UNAVAILABLE.withDescription("lost") : status, trailers);
                        }
                    },
                    headers);
        }
    };

    @BeforeAll
    static void found() throws Exception {
        cluster = new JoinCluster(directory, LOSING);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
    }

    private final FileSystem keys = new CrashableFileSystem();

    @BeforeEach
    void count() {
        CALLS.set(0);
    }

    private static void refused(String why, FileSystem keys, Invitation invitation, Applicant applicant) {
        assertThatThrownBy(() -> cluster.join(keys, invitation, applicant))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aGatewayGetsItsCertificateAndTheClustersKey() throws Exception {
        NodeIdentity joined = cluster.join(keys, cluster.invite(Node.Role.GATEWAY), Node.Role.GATEWAY);

        assertThat(joined.role()).isEqualTo(Node.Role.GATEWAY);
        assertThat(joined.cluster()).isEqualTo(cluster.founded.identity().cluster());
        assertThat(joined.authority()).isEqualTo(cluster.founded.identity().authority());
        assertThat(NodeIdentity.load(keys)).contains(joined);
        assertThat(ClusterKey.load(keys)).contains(cluster.founded.clusterKey());
        assertThat(keys.list("")).containsExactly("cluster.key", "node.pem");
    }

    @Test
    void aDataserverGetsNoKeyToSecrets() throws Exception {
        cluster.join(keys, cluster.invite(Node.Role.DATASERVER), Node.Role.DATASERVER);

        assertThat(keys.list("")).containsExactly("node.pem");
    }

    @Test
    void aNodeThatWasRemovedCantJoinAgainAsItself() throws Exception {
        NodeIdentity joined = cluster.join(keys, cluster.invite(Node.Role.GATEWAY), Node.Role.GATEWAY);
        cluster.register(joined.node(), Node.Role.GATEWAY, "leaving");
        cluster.tell(new RemoveNode(joined.node()));
        Invitation invitation = cluster.invite(Node.Role.GATEWAY);
        WallClock late = () -> joined.expires().plusSeconds(1).toEpochMilli();

        assertThatThrownBy(() -> cluster.client(keys, late)
                        .join(invitation, List.of(cluster.address), GATEWAY, JoinCluster.PATIENCE))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining(joined.node() + " was removed")
                .hasMessageContaining("delete its directory");

        keys.delete(NodeIdentity.FILE);
        keys.delete("joining.pem");
        assertThat(cluster.join(keys, invitation, Node.Role.GATEWAY).node()).isNotEqualTo(joined.node());
    }

    @Test
    void aClockThatIsFarAheadIsSaidSoAtOnce() {
        WallClock ahead =
                () -> WallClock.SYSTEM.millis() + Duration.ofDays(1000).toMillis();

        assertThatThrownBy(() -> cluster.client(keys, ahead)
                        .join(
                                cluster.invite(Node.Role.GATEWAY),
                                List.of(cluster.address),
                                GATEWAY,
                                JoinCluster.PATIENCE))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("it is ahead by at least 635 days");
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void aClockThatIsMonthsBehindIsNoHindrance() throws Exception {
        WallClock behind =
                () -> WallClock.SYSTEM.millis() - Duration.ofDays(300).toMillis();

        NodeIdentity joined = cluster.client(keys, behind)
                .join(cluster.invite(Node.Role.GATEWAY), List.of(cluster.address), GATEWAY, JoinCluster.PATIENCE);

        assertThat(joined.expires()).isAfter(Instant.now());
    }

    @Test
    void joiningAgainDoesNothing() throws Exception {
        Invitation invitation = cluster.invite(Node.Role.GATEWAY);
        NodeIdentity joined = cluster.join(keys, invitation, Node.Role.GATEWAY);
        CALLS.set(0);

        assertThat(cluster.join(keys, invitation, Node.Role.GATEWAY)).isEqualTo(joined);
        assertThat(CALLS).hasValue(0);
    }

    @Test
    void aTokenIsForOneNode() throws Exception {
        Invitation invitation = cluster.invite(Node.Role.GATEWAY);
        cluster.join(keys, invitation, Node.Role.GATEWAY);

        refused("the token is unknown, used", new CrashableFileSystem(), invitation, GATEWAY);
    }

    @Test
    void aTokenIsForOneRole() throws Exception {
        Invitation invitation = cluster.invite(Node.Role.DATASERVER);

        refused("for another role", keys, invitation, GATEWAY);
        assertThat(NodeIdentity.load(keys)).isEmpty();
    }

    @Test
    void anUnknownADeletedAndAGuessedTokenAreRefused() throws Exception {
        Invitation deleted = cluster.invite(Node.Role.GATEWAY);
        cluster.tell(new DeleteToken(deleted.id()));
        Invitation unknown = Invitation.make(cluster.founded.identity().authority(), cluster.random);
        String[] known = cluster.invite(Node.Role.GATEWAY).text().split("\\.");
        Invitation guessed = Invitation.parse(known[0] + "." + unknown.text().split("\\.")[1] + "." + known[2]);

        for (Invitation invitation : List.of(deleted, unknown, guessed)) {
            refused("the token is unknown", keys, invitation, GATEWAY);
        }
    }

    @Test
    void anExpiredTokenIsRefused() throws Exception {
        Invitation invitation = cluster.invite(Node.Role.GATEWAY);
        cluster.time.advance(Duration.ofMinutes(61));

        refused("expired", keys, invitation, GATEWAY);
    }

    /** Before anything is sent: what gets to the server's services is counted. */
    @Test
    void nothingIsSentToAServerOfAnotherCluster() throws Exception {
        Invitation elsewhere = Invitation.make(new TestAuthority().authority().certificate(), cluster.random);

        refused("it is not of the cluster that the token is from", keys, elsewhere, GATEWAY);
        assertThat(CALLS).hasValue(0);
        assertThat(NodeIdentity.load(keys)).isEmpty();
    }

    @Test
    void aMetaserverThatIsAwayIsPassedOver() throws Exception {
        HostPort nobody;
        try (ServerSocket reserved = new ServerSocket(0)) {
            nobody = new HostPort("127.0.0.1", reserved.getLocalPort());
        }
        NodeIdentity joined = cluster.client(keys)
                .join(
                        cluster.invite(Node.Role.GATEWAY),
                        List.of(nobody, cluster.address),
                        GATEWAY,
                        JoinCluster.PATIENCE);

        assertThat(joined.role()).isEqualTo(Node.Role.GATEWAY);
        assertThatThrownBy(() -> cluster.client(new CrashableFileSystem())
                        .join(cluster.invite(Node.Role.GATEWAY), List.of(nobody), GATEWAY, Duration.ofMillis(100)))
                .isInstanceOf(JoinException.class)
                .hasMessageContaining("could not join at " + nobody);
    }

    @Test
    void aLostAnswerIsAskedForAgain() throws Exception {
        ANSWERS_TO_LOSE.set(2);

        NodeIdentity joined = cluster.join(keys, cluster.invite(Node.Role.GATEWAY), Node.Role.GATEWAY);

        assertThat(CALLS).hasValue(3);
        assertThat(NodeIdentity.load(keys)).contains(joined);
    }

    private static final class Joining implements CrashPoints.Trial {
        private final Invitation invitation;
        private NodeIdentity joined;

        Joining() {
            try {
                invitation = cluster.invite(Node.Role.GATEWAY);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void run(CrashableFileSystem files) throws Exception {
            joined = cluster.join(files, invitation, Node.Role.GATEWAY);
        }

        @Override
        public void check(CrashableFileSystem files) throws Exception {
            NodeIdentity again = cluster.join(files, invitation, Node.Role.GATEWAY);
            if (joined != null) {
                assertThat(again).isEqualTo(joined);
            }
            assertThat(ClusterKey.load(files)).contains(cluster.founded.clusterKey());
            assertThat(files.list("")).containsExactly("cluster.key", "node.pem");
        }
    }

    @Test
    void aNodeThatCrashedWhileJoiningJoinsWithTheSameToken() {
        assertThat(CrashPoints.atEverySync(3, 1, Joining::new)).isGreaterThanOrEqualTo(6);
    }

    @Test
    void aNameIsForOneNodeAndTheTokenStaysGood() throws Exception {
        cluster.register(new NodeId(UUID.randomUUID()), Node.Role.GATEWAY, "gw-taken");
        Invitation invitation = cluster.invite(Node.Role.GATEWAY);

        refused(
                "another node called 'gw-taken'",
                keys,
                invitation,
                new Applicant(Node.Role.GATEWAY, "gw-taken", JoinCluster.LOOPBACK));
        NodeIdentity joined =
                cluster.join(keys, invitation, new Applicant(Node.Role.GATEWAY, "gw-free", JoinCluster.LOOPBACK));
        assertThat(joined.role()).isEqualTo(Node.Role.GATEWAY);
    }

    @Test
    void aHostThatIsNoneIsRefused() throws Exception {
        refused(
                "not a host: '*.example.com'",
                keys,
                cluster.invite(Node.Role.GATEWAY),
                new Applicant(Node.Role.GATEWAY, "", List.of("*.example.com")));
    }

    @Test
    void aNodeWhoseCertificateExpiredJoinsAgainAsTheOneItWas() throws Exception {
        NodeIdentity old = cluster.join(keys, cluster.invite(Node.Role.GATEWAY), Node.Role.GATEWAY);
        cluster.register(old.node(), Node.Role.GATEWAY, "gw-" + old.node());

        NodeIdentity renewed = cluster.client(keys, () -> old.expires().toEpochMilli())
                .join(cluster.invite(Node.Role.GATEWAY), List.of(cluster.address), GATEWAY, JoinCluster.PATIENCE);

        assertThat(renewed.self()).isEqualTo(old.self());
        assertThat(renewed.certificate()).isNotEqualTo(old.certificate());
    }

    private static void withoutCertificate(Consumer<ManagedChannel> calls) throws Exception {
        var trust = new ClusterTls(cluster.founded::identity).trustManager(Set.of(Node.Role.METASERVER));
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        "127.0.0.1",
                        cluster.address.port(),
                        TlsChannelCredentials.newBuilder().trustManager(trust).build())
                .build();
        try {
            calls.accept(channel);
        } finally {
            channel.shutdownNow();
        }
    }

    private static void fails(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode())
                                .as("%s", refusal)
                                .isEqualTo(code));
    }

    @Test
    void withoutACertificateThereIsNothingButJoining() throws Exception {
        withoutCertificate(channel -> {
            fails(
                    Status.Code.UNAUTHENTICATED,
                    () -> CertificatesGrpc.newBlockingStub(channel).renew(RenewRequest.getDefaultInstance()));
            fails(
                    Status.Code.INVALID_ARGUMENT,
                    () -> JoinGrpc.newBlockingStub(channel).join(JoinRequest.getDefaultInstance()));
        });
    }

    @Test
    void strangersAreAnsweredAtABoundedRate() throws Exception {
        JoinRequest request = JoinRequest.newBuilder()
                .setTokenId("nothing")
                .setNode(ClusterCodec.encode(UUID.randomUUID()))
                .setCertificateRequest(ByteString.copyFrom(CertificateRequest.make(
                        CertificateAuthority.newKeys(cluster.random), new NodeId(UUID.randomUUID()))))
                .build();
        try (JoinCluster own = new JoinCluster(directory.resolve("own"))) {
            ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                            "127.0.0.1",
                            own.address.port(),
                            TlsChannelCredentials.newBuilder()
                                    .trustManager(new ClusterTls(own.founded::identity)
                                            .trustManager(Set.of(Node.Role.METASERVER)))
                                    .build())
                    .build();
            int refused = 0;
            int limited = 0;
            for (int i = 0; i < 3 * AdmissionLimit.BURST; i++) {
                try {
                    JoinGrpc.newBlockingStub(channel).join(request);
                } catch (StatusRuntimeException e) {
                    switch (e.getStatus().getCode()) {
                        case PERMISSION_DENIED -> refused++;
                        case RESOURCE_EXHAUSTED -> limited++;
                        default -> throw e;
                    }
                }
            }
            channel.shutdownNow();
            assertThat(refused).isGreaterThanOrEqualTo(AdmissionLimit.BURST);
            assertThat(limited).isPositive();
        }
    }
}
