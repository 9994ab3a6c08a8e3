package io.coffer.metaserver.rpc;

import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemCommand.CreateToken;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.rpc.CertificateAuthority;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.Invitation;
import io.coffer.common.rpc.JoinClient;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.time.ManualTime;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.MetaServer;
import io.coffer.metaserver.MetaServerConfig;
import io.coffer.metaserver.MetaServerIdentity;
import io.coffer.metaserver.admission.FirstMetaserver;
import io.coffer.metaserver.admission.NodeAdmission;
import io.grpc.Grpc;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A cluster of one metaserver that nodes join over TLS on the loopback. */
final class JoinCluster implements AutoCloseable {
    static final List<String> LOOPBACK = List.of("127.0.0.1", "localhost");
    static final Duration PATIENCE = Duration.ofSeconds(30);
    static final Duration NODE_LIFE = Duration.ofHours(3);

    final ManualTime time = new ManualTime(System.currentTimeMillis());
    final SecureRandom random = new SecureRandom();
    final FirstMetaserver.Founded founded;
    final MetaServer server;
    final HostPort address;
    private final Server grpc;

    JoinCluster(Path directory, ServerInterceptor... interceptors) throws Exception {
        FileSystem keys = RealFileSystem.at(directory.resolve("keys"));
        FirstMetaserver first = new FirstMetaserver(keys, CertificateAuthority.NODE_LIFE, WallClock.SYSTEM, random);
        founded = first.found(LOOPBACK);
        NodeIdentity identity = founded.identity();
        server = MetaServer.open(
                MetaServerConfig.alone(new MetaServerIdentity(identity.cluster(), identity.node())),
                RealFileSystem.at(directory.resolve("meta")),
                time,
                Ticker.SYSTEM);
        server.awaitLeaders(PATIENCE);
        first.handOver(server.client(), founded.clusterKey());
        NodeAdmission admission = new NodeAdmission(server.client(), founded.clusterKey(), NODE_LIFE, time, random);
        var builder = Grpc.newServerBuilderForPort(0, new ClusterTls(founded::identity).joinableServer());
        for (ServerInterceptor interceptor : interceptors) {
            builder.intercept(interceptor);
        }
        CallerRights.guard(builder, node -> false);
        grpc = builder.addService(new JoinService(admission, Ticker.SYSTEM))
                .addService(new CertificatesService(admission))
                .build()
                .start();
        address = new HostPort("127.0.0.1", grpc.getPort());
    }

    MetadataClient metadata() {
        return server.client();
    }

    <R extends Reply> R tell(SystemCommand<R> command) throws Exception {
        return metadata()
                .submit(GroupId.SYSTEM, RequestId.create(time.millis(), random), command)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** A token of this cluster that lasts an hour. */
    Invitation invite(Node.Role role) throws Exception {
        Invitation invitation = Invitation.make(founded.identity().authority(), random);
        long expires =
                Instant.ofEpochMilli(time.millis()).plus(Duration.ofHours(1)).toEpochMilli();
        tell(new CreateToken(invitation.id(), role, ByteBuffer.wrap(invitation.secretHash()), expires));
        return invitation;
    }

    JoinClient client(FileSystem keys) {
        return client(keys, WallClock.SYSTEM);
    }

    JoinClient client(FileSystem keys, WallClock clock) {
        return new JoinClient(keys, clock, Ticker.SYSTEM, random, Duration.ofMillis(20));
    }

    NodeIdentity join(FileSystem keys, Invitation invitation, Node.Role role) throws Exception {
        return join(keys, invitation, new JoinClient.Applicant(role, "", LOOPBACK));
    }

    NodeIdentity join(FileSystem keys, Invitation invitation, JoinClient.Applicant applicant) throws Exception {
        return client(keys).join(invitation, List.of(address), applicant, PATIENCE);
    }

    void register(NodeId node, Node.Role role, String name) throws Exception {
        tell(new RegisterNode(new Node(node, role, name, "s/r/h", "127.0.0.1:1", "", Node.State.UP, false)));
    }

    @Override
    public void close() throws Exception {
        grpc.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
        server.close();
    }
}
