package io.coffer.metaserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.remote.Connector;
import io.coffer.common.metadata.remote.HeartbeatSender;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.metadata.wire.ClusterCodec;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.rpc.Removal;
import io.coffer.common.rpc.TestAuthority;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.proto.rpc.CertificatesGrpc;
import io.coffer.proto.rpc.GroupsGrpc;
import io.coffer.proto.rpc.JoinMessages.RenewRequest;
import io.coffer.proto.rpc.MetadataGrpc;
import io.coffer.proto.rpc.MetadataMessages.Answer;
import io.coffer.proto.rpc.MetadataMessages.Answers;
import io.coffer.proto.rpc.MetadataMessages.Call;
import io.coffer.proto.rpc.MetadataMessages.Calls;
import io.coffer.proto.rpc.MetadataMessages.HeartbeatRequest;
import io.coffer.proto.rpc.MetadataMessages.MapUpdate;
import io.coffer.proto.rpc.MetadataMessages.QueryRequest;
import io.coffer.proto.rpc.MetadataMessages.StatusReply;
import io.coffer.proto.rpc.MetadataMessages.StatusRequest;
import io.coffer.proto.rpc.MetadataMessages.SubmitRequest;
import io.coffer.proto.rpc.MetadataMessages.WatchMapRequest;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What each role gets through with, over TLS on the loopback, to services that answer everything. */
final class CallerRightsTest {
    private static final Set<Node.Role> ALL = EnumSet.allOf(Node.Role.class);
    private static final Set<Node.Role> METASERVER = Set.of(Node.Role.METASERVER);
    private static final Set<Node.Role> NO_DATASERVER = Set.of(Node.Role.METASERVER, Node.Role.GATEWAY);
    private static final Set<Node.Role> NO_GATEWAY = Set.of(Node.Role.METASERVER, Node.Role.DATASERVER);
    private static final NodeId OTHER = new NodeId(UUID.randomUUID());

    private static final Map<Node.Role, NodeIdentity> IDENTITIES = new EnumMap<>(Node.Role.class);
    private static final Map<Node.Role, ManagedChannel> CHANNELS = new EnumMap<>(Node.Role.class);
    private static final Set<NodeId> REMOVED = ConcurrentHashMap.newKeySet();
    private static final AtomicReference<StreamObserver<MapUpdate>> WATCHER = new AtomicReference<>();
    private static Server server;

    @BeforeAll
    static void serve() throws IOException {
        TestAuthority cluster = new TestAuthority();
        NodeIdentity self = cluster.node(Node.Role.METASERVER);
        var builder = Grpc.newServerBuilderForPort(0, new ClusterTls(() -> self).joinableServer())
                .addService(new MetadataGrpc.MetadataImplBase() {
                    @Override
                    public StreamObserver<Calls> exchange(StreamObserver<Answers> out) {
                        return new AnswersEach(out);
                    }

                    @Override
                    public void heartbeat(HeartbeatRequest request, StreamObserver<Answer> out) {
                        answer(out, Answer.getDefaultInstance());
                    }

                    @Override
                    public void watchMap(WatchMapRequest request, StreamObserver<MapUpdate> out) {
                        out.onNext(MapUpdate.getDefaultInstance());
                        WATCHER.set(out);
                    }
                })
                .addService(new CertificatesGrpc.CertificatesImplBase() {})
                .addService(new GroupsGrpc.GroupsImplBase() {
                    @Override
                    public void status(StatusRequest request, StreamObserver<StatusReply> out) {
                        answer(out, StatusReply.getDefaultInstance());
                    }
                });
        CallerRights.guard(builder, REMOVED::contains);
        server = builder.build().start();
        for (Node.Role role : ALL) {
            NodeIdentity identity = cluster.node(role);
            IDENTITIES.put(role, identity);
            CHANNELS.put(
                    role,
                    Grpc.newChannelBuilderForAddress(
                                    "127.0.0.1",
                                    server.getPort(),
                                    new ClusterTls(() -> identity).channel(Node.Role.METASERVER))
                            .build());
        }
    }

    private record AnswersEach(StreamObserver<Answers> out) implements StreamObserver<Calls> {
        @Override
        public void onNext(Calls calls) {
            out.onNext(Answers.getDefaultInstance());
        }

        @Override
        public void onError(Throwable why) {}

        @Override
        public void onCompleted() {
            out.onCompleted();
        }
    }

    /** Sends messages on one stream and waits for as many answers. */
    private static void exchange(Node.Role role, Call... calls) {
        List<CompletableFuture<Answers>> answers =
                Stream.of(calls).map(call -> new CompletableFuture<Answers>()).toList();
        Iterator<CompletableFuture<Answers>> next = answers.iterator();
        StreamObserver<Calls> stream = MetadataGrpc.newStub(CHANNELS.get(role)).exchange(new StreamObserver<>() {
            @Override
            public void onNext(Answers message) {
                next.next().complete(message);
            }

            @Override
            public void onError(Throwable why) {
                answers.forEach(answer -> answer.completeExceptionally(why));
            }

            @Override
            public void onCompleted() {}
        });
        for (Call call : calls) {
            stream.onNext(Calls.newBuilder().addCalls(call).build());
        }
        try {
            answers.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw (StatusRuntimeException) e.getCause();
        }
        stream.onCompleted();
    }

    private static <M> void answer(StreamObserver<M> out, M message) {
        out.onNext(message);
        out.onCompleted();
    }

    @AfterAll
    static void stop() {
        CHANNELS.values().forEach(ManagedChannel::shutdownNow);
        server.shutdownNow();
    }

    /** The roles whose call is answered; the others are told PERMISSION_DENIED. */
    private static Set<Node.Role> allowed(Consumer<Node.Role> call) {
        Set<Node.Role> allowed = EnumSet.noneOf(Node.Role.class);
        for (Node.Role role : ALL) {
            try {
                call.accept(role);
                allowed.add(role);
            } catch (StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).as("%s", e).isEqualTo(Status.Code.PERMISSION_DENIED);
            }
        }
        return allowed;
    }

    private static MetadataGrpc.MetadataBlockingStub metadata(Node.Role role) {
        return MetadataGrpc.newBlockingStub(CHANNELS.get(role));
    }

    private static Set<Node.Role> tell(Function<Node.Role, SystemCommand<?>> command) {
        return allowed(role -> exchange(role, submit(command.apply(role))));
    }

    private static Set<Node.Role> ask(SystemQuery<?> query) {
        return allowed(role -> exchange(role, query(query)));
    }

    private static Call submit(SystemCommand<?> command) {
        return Call.newBuilder()
                .setSubmit(SubmitRequest.newBuilder().setCommand(MetadataCodec.encode(command)))
                .build();
    }

    private static Call query(SystemQuery<?> query) {
        return Call.newBuilder()
                .setQuery(QueryRequest.newBuilder().setQuery(MetadataCodec.encode(query)))
                .build();
    }

    @Test
    void aNodeThatWasRemovedIsToldSoWhateverItAsks() throws Exception {
        Node.Role role = Node.Role.GATEWAY;
        Iterator<MapUpdate> watched = metadata(role).watchMap(WatchMapRequest.getDefaultInstance());
        watched.next();
        CompletableFuture<String> told = new CompletableFuture<>();
        String target = "127.0.0.1:" + server.getPort();
        NodeIdentity identity = IDENTITIES.get(role);
        Connector connector = address ->
                Grpc.newChannelBuilder(address, new ClusterTls(() -> identity).channel(Node.Role.METASERVER));
        REMOVED.add(self(role));
        try (RemoteMetadataClient client = new RemoteMetadataClient(
                        connector, List.of(target), RemoteMetadataClient.Settings.DEFAULT, Ticker.SYSTEM);
                HeartbeatSender heartbeats = HeartbeatSender.start(
                        client, self(role), List::of, new ClusterClock(WallClock.SYSTEM), told::complete)) {
            assertThat(told.get(30, TimeUnit.SECONDS))
                    .isEqualTo("node " + self(role) + " was removed from the cluster");
            assertThatThrownBy(() -> exchange(role, query(new SystemQuery.GetClusterMap())))
                    .matches(Removal::isToldBy);
            assertThatThrownBy(() -> CertificatesGrpc.newBlockingStub(CHANNELS.get(role))
                            .renew(RenewRequest.getDefaultInstance()))
                    .matches(Removal::isToldBy);
            WATCHER.get().onNext(MapUpdate.getDefaultInstance());
            assertThatThrownBy(watched::next).matches(Removal::isToldBy);
        } finally {
            REMOVED.clear();
        }
        assertThat(ask(new SystemQuery.GetClusterMap())).contains(role);
    }

    private static Node node(NodeId id, Node.Role role) {
        return new Node(id, role, "n", "s/r/h", "h:1", "", Node.State.UP, false);
    }

    private static NodeId self(Node.Role role) {
        return IDENTITIES.get(role).node();
    }

    private static Disk disk(NodeId node) {
        return new Disk(new DiskId(UUID.randomUUID()), node, "/d", Disk.State.HEALTHY, 1, 1);
    }

    @Test
    void nodesRegisterThemselvesAndNobodyElse() {
        assertThat(tell(role -> new SystemCommand.RegisterNode(node(self(role), role))))
                .isEqualTo(ALL);
        assertThat(tell(role -> new SystemCommand.RegisterNode(node(OTHER, role))))
                .isEmpty();
        assertThat(tell(role -> new SystemCommand.RegisterNode(
                        node(self(role), role == Node.Role.METASERVER ? Node.Role.GATEWAY : Node.Role.METASERVER))))
                .isEmpty();
    }

    @Test
    void nodesBeatForThemselves() {
        assertThat(allowed(role -> metadata(role)
                        .heartbeat(HeartbeatRequest.newBuilder()
                                .setNode(ClusterCodec.encode(self(role).value()))
                                .build())))
                .isEqualTo(ALL);
        assertThat(allowed(role -> metadata(role)
                        .heartbeat(HeartbeatRequest.newBuilder()
                                .setNode(ClusterCodec.encode(OTHER.value()))
                                .build())))
                .isEmpty();
    }

    @Test
    void dataserversSpeakAboutThemselvesAndReadTheMap() {
        assertThat(tell(role -> new SystemCommand.RegisterDisk(disk(self(role)), 1)))
                .isEqualTo(ALL);
        assertThat(tell(role -> new SystemCommand.RegisterDisk(disk(OTHER), 1))).isEqualTo(METASERVER);
        assertThat(tell(role -> new SystemCommand.MemberCaughtUp(new VolumeId(1), 0, 1, 1, 1)))
                .isEqualTo(NO_GATEWAY);
        assertThat(ask(new SystemQuery.GetClusterMap())).isEqualTo(ALL);
        assertThat(ask(new SystemQuery.GetMemberMarks(new VolumeId(1), 0))).isEqualTo(ALL);
        assertThat(ask(new SystemQuery.ListAccounts())).isEqualTo(NO_DATASERVER);
        assertThat(ask(new SystemQuery.GetAccessKey("A"))).isEqualTo(NO_DATASERVER);
        assertThat(tell(role -> new SystemCommand.DeleteAccount(new AccountId("000000000001"))))
                .isEqualTo(NO_DATASERVER);
        assertThat(tell(role -> new SystemCommand.CreateToken("t", Node.Role.GATEWAY, ByteBuffer.allocate(32), 1)))
                .isEqualTo(NO_DATASERVER);
    }

    @Test
    void theAuthorityIsBetweenMetaservers() {
        assertThat(ask(new SystemQuery.GetDocument("authority"))).isEqualTo(METASERVER);
        assertThat(tell(role -> new SystemCommand.SetDocument("authority", 1, ByteBuffer.allocate(1))))
                .isEqualTo(METASERVER);
        assertThat(ask(new SystemQuery.GetDocument("settings"))).isEqualTo(NO_DATASERVER);
        assertThat(tell(role -> new SystemCommand.RedeemToken(
                        "t", ByteBuffer.allocate(32), role, self(role), ByteBuffer.allocate(32))))
                .isEqualTo(METASERVER);
        assertThat(tell(role -> new SystemCommand.InitializeCluster(new ClusterId(OTHER.value()))))
                .isEqualTo(METASERVER);
    }

    @Test
    void everyCallOfAStreamIsLookedAt() {
        assertThat(allowed(role ->
                        exchange(role, query(new SystemQuery.GetClusterMap()), query(new SystemQuery.ListAccounts()))))
                .isEqualTo(NO_DATASERVER);
    }

    @Test
    void otherServicesAreBetweenMetaservers() {
        assertThat(allowed(role ->
                        GroupsGrpc.newBlockingStub(CHANNELS.get(role)).status(StatusRequest.getDefaultInstance())))
                .isEqualTo(METASERVER);
    }
}
