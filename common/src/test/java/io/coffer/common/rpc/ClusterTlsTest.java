package io.coffer.common.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Node;
import io.coffer.common.time.WallClock;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets through to a gRPC server, over real connections on the loopback. */
final class ClusterTlsTest {
    private final TestAuthority cluster = new TestAuthority();
    private final NodeIdentity server = cluster.node(Node.Role.METASERVER);
    private final NodeIdentity gateway = cluster.node(Node.Role.GATEWAY);
    private final List<Runnable> closing = new ArrayList<>();
    private final AtomicReference<PeerIdentity> caller = new AtomicReference<>();

    @AfterEach
    void close() {
        closing.forEach(Runnable::run);
    }

    private static ClusterTls tls(NodeIdentity identity) {
        return new ClusterTls(() -> identity);
    }

    private int serve(ServerCredentials credentials, Set<String> open, Set<Node.Role> roles) throws IOException {
        var service = new HealthGrpc.HealthImplBase() {
            @Override
            public void check(HealthCheckRequest request, StreamObserver<HealthCheckResponse> answer) {
                if (open.isEmpty()) {
                    caller.set(CallerIdentity.current());
                }
                answer.onNext(HealthCheckResponse.getDefaultInstance());
                answer.onCompleted();
            }
        };
        ServerBuilder<?> builder = Grpc.newServerBuilderForPort(0, credentials)
                .intercept(new CallerIdentity(open))
                .addService(
                        roles.isEmpty()
                                ? service.bindService()
                                : ServerInterceptors.intercept(service, CallerIdentity.demanding(roles)));
        Server started = builder.build().start();
        closing.add(started::shutdownNow);
        return started.getPort();
    }

    private int serve() throws IOException {
        return serve(tls(server).server(), Set.of(), Set.of());
    }

    private ManagedChannel channel(ChannelCredentials credentials, String host, int port) {
        ManagedChannel channel =
                Grpc.newChannelBuilderForAddress(host, port, credentials).build();
        closing.add(channel::shutdownNow);
        return channel;
    }

    private HealthCheckResponse call(ChannelCredentials credentials, int port) {
        return call(channel(credentials, "127.0.0.1", port));
    }

    private static HealthCheckResponse call(ManagedChannel channel) {
        return HealthGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance());
    }

    private void refuses(Status.Code code, ChannelCredentials credentials, int port) {
        assertThatThrownBy(() -> call(credentials, port))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        refusal -> assertThat(refusal.getStatus().getCode())
                                .as("%s", refusal.getStatus())
                                .isEqualTo(code));
        assertThat(caller.get()).isNull();
    }

    private ChannelCredentials as(NodeIdentity identity) {
        return tls(identity).channel(Node.Role.METASERVER);
    }

    private ChannelCredentials withoutCertificate() {
        return ClusterTls.channel(null, tls(gateway).trustManager(Set.of(Node.Role.METASERVER)));
    }

    @Test
    void letsANodeInAndKnowsIt() throws IOException {
        call(as(gateway), serve());

        assertThat(caller.get()).isEqualTo(gateway.self());
    }

    @Test
    void refusesACallerWithoutACertificate() throws IOException {
        refuses(Status.Code.UNAVAILABLE, withoutCertificate(), serve());
    }

    private static ClusterTls at(NodeIdentity identity, Duration off) {
        return new ClusterTls(() -> identity, node -> false, () -> WallClock.SYSTEM.millis() + off.toMillis());
    }

    @Test
    void toleratesAClockThatIsMonthsBehind() throws IOException {
        call(at(gateway, Duration.ofDays(-360)).channel(Node.Role.METASERVER), serve());
        call(as(gateway), serve(at(server, Duration.ofDays(-360)).server(), Set.of(), Set.of()));
    }

    @Test
    void looksAtTheProcessClockAndNotAtTheHosts() throws IOException {
        refuses(Status.Code.UNAVAILABLE, at(gateway, Duration.ofDays(2)).channel(Node.Role.METASERVER), serve());
        refuses(
                Status.Code.UNAVAILABLE,
                as(gateway),
                serve(at(server, Duration.ofDays(2)).server(), Set.of(), Set.of()));
        call(at(gateway, Duration.ofDays(-2)).channel(Node.Role.METASERVER), serveExpired());
    }

    /** With a certificate that ended a day ago. */
    private int serveExpired() throws IOException {
        NodeIdentity expired = cluster.expired(Node.Role.METASERVER);
        return serve(tls(expired).server(), Set.of(), Set.of());
    }

    @Test
    void refusesANodeThatWasRemovedUnlessItIsToBeTold() throws IOException {
        ClusterTls knowing = new ClusterTls(() -> server, gateway.node()::equals, WallClock.SYSTEM);
        refuses(Status.Code.UNAVAILABLE, as(gateway), serve(knowing.server(), Set.of(), Set.of()));

        call(as(gateway), serve(knowing.joinableServer(), Set.of(), Set.of()));
        assertThat(caller.get()).isEqualTo(gateway.self());
    }

    @Test
    void goesToNoServerThatWasRemoved() throws IOException {
        int port = serve();
        ClusterTls knowing = new ClusterTls(() -> gateway, server.node()::equals, WallClock.SYSTEM);

        refuses(Status.Code.UNAVAILABLE, knowing.channel(Node.Role.METASERVER), port);
    }

    @Test
    void refusesACallerOfAnotherCluster() throws IOException {
        NodeIdentity stranger = new TestAuthority().node(Node.Role.GATEWAY);
        ChannelCredentials credentials =
                ClusterTls.channel(tls(stranger).keyManager(), tls(gateway).trustManager(Set.of(Node.Role.METASERVER)));

        refuses(Status.Code.UNAVAILABLE, credentials, serve());
        refuses(Status.Code.UNAVAILABLE, credentials, serve(tls(server).joinableServer(), Set.of(), Set.of()));
    }

    /** The same authority by name, as a forger would make it. */
    @Test
    void refusesACallerOfAForgedAuthority() throws IOException {
        NodeIdentity forged = new TestAuthority(cluster.authority().cluster()).node(Node.Role.GATEWAY);
        ChannelCredentials credentials =
                ClusterTls.channel(tls(forged).keyManager(), tls(gateway).trustManager(Set.of(Node.Role.METASERVER)));

        refuses(Status.Code.UNAVAILABLE, credentials, serve());
    }

    @Test
    void refusesAnExpiredCaller() throws IOException {
        refuses(Status.Code.UNAVAILABLE, as(cluster.expired(Node.Role.GATEWAY)), serve());
    }

    @Test
    void refusesAnExpiredServer() throws IOException {
        int port = serve(tls(cluster.expired(Node.Role.METASERVER)).server(), Set.of(), Set.of());

        refuses(Status.Code.UNAVAILABLE, as(gateway), port);
    }

    @Test
    void refusesAServerOfAnotherCluster() throws IOException {
        int port = serve(tls(new TestAuthority().node(Node.Role.METASERVER)).server(), Set.of(), Set.of());

        refuses(Status.Code.UNAVAILABLE, as(gateway), port);
    }

    @Test
    void refusesAServerOfAnotherRole() throws IOException {
        int port = serve(tls(cluster.node(Node.Role.DATASERVER)).server(), Set.of(), Set.of());

        refuses(Status.Code.UNAVAILABLE, as(gateway), port);
    }

    @Test
    void refusesAServerAtAHostThatItsCertificateDoesNotName() throws IOException {
        int port = serve(
                tls(cluster.node(Node.Role.METASERVER, List.of("localhost"))).server(), Set.of(), Set.of());

        refuses(Status.Code.UNAVAILABLE, as(gateway), port);
        assertThat(call(channel(as(gateway), "localhost", port))).isNotNull();
    }

    @Test
    void keepsOtherRolesFromAService() throws IOException {
        int port = serve(tls(server).server(), Set.of(), Set.of(Node.Role.DATASERVER));

        refuses(Status.Code.PERMISSION_DENIED, as(gateway), port);
        assertThat(call(as(cluster.node(Node.Role.DATASERVER)), port)).isNotNull();
    }

    @Test
    void opensToEverybodyOnlyWhatIsOpen() throws IOException {
        int closed = serve(tls(server).joinableServer(), Set.of("another.Service"), Set.of());
        int open = serve(tls(server).joinableServer(), Set.of(HealthGrpc.SERVICE_NAME), Set.of());

        refuses(Status.Code.UNAUTHENTICATED, withoutCertificate(), closed);
        assertThat(call(withoutCertificate(), open)).isNotNull();
    }

    @Test
    void showsARenewedIdentityToNewConnections() throws IOException {
        NodeIdentity expired = cluster.expired(Node.Role.METASERVER);
        AtomicReference<NodeIdentity> serverNow = new AtomicReference<>(expired);
        AtomicReference<NodeIdentity> clientNow = new AtomicReference<>(cluster.expired(Node.Role.GATEWAY));
        int port = serve(new ClusterTls(serverNow::get).server(), Set.of(), Set.of());
        ChannelCredentials credentials = new ClusterTls(clientNow::get).channel(Node.Role.METASERVER);
        refuses(Status.Code.UNAVAILABLE, credentials, port);

        serverNow.set(server);
        refuses(Status.Code.UNAVAILABLE, credentials, port);
        clientNow.set(gateway);

        assertThat(call(credentials, port)).isNotNull();
        assertThat(caller.get()).isEqualTo(gateway.self());
    }
}
