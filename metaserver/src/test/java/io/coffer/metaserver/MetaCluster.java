package io.coffer.metaserver;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.remote.Connector;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.background.ClusterBackground;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftSettings;
import io.grpc.InsecureServerCredentials;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;

/** Metaservers that found a cluster, come and go, in one process, over real gRPC on the loopback. */
final class MetaCluster implements AutoCloseable {
    static final Connector PLAIN = address -> NettyChannelBuilder.forTarget(address)
            .usePlaintext()
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 1000);

    private static final Duration GIVE_UP = Duration.ofSeconds(60);
    private static final RaftSettings RAFT = new RaftSettings(
            RaftSettings.DEFAULTS.electionTimeoutMin(),
            RaftSettings.DEFAULTS.electionTimeoutMax(),
            true,
            256 << 10,
            64 << 10,
            RaftSettings.DEFAULTS.checkpointLogBytes(),
            2000,
            200);

    private final Path directory;
    private final ClusterBackground.Settings settings;
    private final Map<Integer, Host> hosts = new TreeMap<>();

    /** A machine, so to say: addresses stay, servers come and go. */
    private static final class Host {
        final NodeId node;
        final int rpcPort;
        final int raftPort;
        MetaServer server;

        Host(int number) throws IOException {
            node = new NodeId(new UUID(9, number));
            rpcPort = freePort();
            raftPort = freePort();
        }

        String rpc() {
            return "127.0.0.1:" + rpcPort;
        }

        String raft() {
            return "127.0.0.1:" + raftPort;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    MetaCluster(Path directory, int bucketGroups) {
        // Peers that come and go are what these tests are about; Ratis reports each of them many times over.
        ((Logger) LoggerFactory.getLogger("org.apache.ratis")).setLevel(Level.OFF);
        this.directory = directory;
        this.settings = settings(bucketGroups);
    }

    static ClusterBackground.Settings settings(int bucketGroups) {
        return new ClusterBackground.Settings(
                bucketGroups, Duration.ofMinutes(5), Duration.ofMillis(200), Duration.ofMillis(300));
    }

    NodeId node(int number) {
        return hosts.get(number).node;
    }

    Path directory(int number) {
        return directory.resolve("meta-" + number);
    }

    void start(int number) throws IOException {
        start(number, directory(number));
    }

    /** @param at another one than before: as with a new disk */
    void start(int number, Path at) throws IOException {
        Host host = hosts.get(number);
        if (host == null) {
            host = new Host(number);
            hosts.put(number, host);
        }
        host.server = open(host.node, number, host.rpcPort, host.raftPort, seeds(), at, settings);
    }

    /** The first one founds the cluster. */
    static MetaServer open(
            NodeId node,
            int number,
            int rpcPort,
            int raftPort,
            List<String> seeds,
            Path directory,
            ClusterBackground.Settings settings)
            throws IOException {
        String rpc = "127.0.0.1:" + rpcPort;
        String raft = "127.0.0.1:" + raftPort;
        MetaServerConfig base = Servers.config();
        MetaServerConfig config = new MetaServerConfig(
                new MetaServerIdentity(Servers.IDENTITY.cluster(), node),
                Optional.of(raft),
                number == 0 ? List.of(new GroupSpec(GroupId.SYSTEM, List.of(new Peer(node, raft)))) : List.of(),
                RAFT,
                base.batches(),
                base.cacheBytes(),
                base.writeBufferBytes());
        MetaServer server = MetaServer.open(config, RealFileSystem.at(directory), WallClock.SYSTEM, Ticker.SYSTEM);
        Node self = new Node(
                node, Node.Role.METASERVER, "meta-" + number, "site/rack/" + number, rpc, raft, Node.State.UP, false);
        server.joinCluster(
                new ClusterConfig(self, seeds, settings),
                PLAIN,
                NettyServerBuilder.forAddress(
                        new InetSocketAddress("127.0.0.1", rpcPort), InsecureServerCredentials.create()),
                List.of(),
                why -> {},
                new Random());
        return server;
    }

    List<String> seeds() {
        return hosts.values().stream().limit(3).map(host -> host.rpc()).toList();
    }

    RemoteMetadataClient client() {
        return new RemoteMetadataClient(PLAIN, seeds(), RemoteMetadataClient.Settings.DEFAULT, Ticker.SYSTEM);
    }

    MetaServer server(int number) {
        return hosts.get(number).server;
    }

    void stop(int number) throws IOException {
        MetaServer server = hosts.get(number).server;
        hosts.get(number).server = null;
        if (server != null) {
            server.close();
        }
    }

    /** The one that leads the group; -1 for none. */
    int leader(GroupId group) {
        for (Map.Entry<Integer, Host> host : hosts.entrySet()) {
            MetaServer server = host.getValue().server;
            if (server != null
                    && server.status().stream()
                            .anyMatch(status -> status.group().equals(group) && status.leads())) {
                return host.getKey();
            }
        }
        return -1;
    }

    /** Waits until every group has these members, by the map and by its own log on each of them. */
    void awaitMembers(int groups, int... numbers) {
        List<NodeId> wanted = new ArrayList<>();
        for (int number : numbers) {
            wanted.add(node(number));
        }
        await().atMost(GIVE_UP).until(() -> {
            for (int number : numbers) {
                MetaServer server = server(number);
                Map<GroupId, MetadataGroup> planned = server.watch().current().groups();
                if (planned.size() != groups
                        || !planned.values().stream()
                                .allMatch(group -> group.members().containsAll(wanted)
                                        && group.members().size() == wanted.size())
                        || server.members().size() != groups
                        || !server.members().stream()
                                .allMatch(status -> status.stable()
                                        && status.leader().isPresent()
                                        && status.nodes().containsAll(wanted)
                                        && status.nodes().size() == wanted.size())) {
                    return false;
                }
            }
            return true;
        });
    }

    static <R extends Reply> R call(Supplier<CompletableFuture<R>> call) throws RefusedException {
        long began = System.nanoTime();
        while (System.nanoTime() - began < GIVE_UP.toNanos()) {
            try {
                return call.get().get(GIVE_UP.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                switch (e.getCause()) {
                    case RefusedException refused -> throw refused;
                    case MetadataUnavailableException unavailable -> {}
                    default -> throw new AssertionError(e.getCause());
                }
            } catch (TimeoutException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("no answer");
    }

    static <R extends Reply> R tell(MetadataClient client, GroupId group, Command<R> command) throws RefusedException {
        RequestId request = Servers.request();
        return call(() -> client.submit(group, request, command));
    }

    static <R extends Reply> R ask(MetadataClient client, GroupId group, Query<R> query) throws RefusedException {
        return call(() -> client.query(group, query));
    }

    @Override
    public void close() throws IOException {
        for (int number : hosts.keySet()) {
            stop(number);
        }
    }
}
