package io.coffer.metaserver;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.remote.Connector;
import io.coffer.common.metadata.remote.HeartbeatSender;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.metaserver.background.ClusterBackground;
import io.coffer.metaserver.background.ClusterFoundation;
import io.coffer.metaserver.background.GroupHost;
import io.coffer.metaserver.background.Groups;
import io.coffer.metaserver.background.Heartbeats;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftNode;
import io.coffer.metaserver.rpc.GroupsRpc;
import io.coffer.metaserver.rpc.MapFeed;
import io.coffer.metaserver.rpc.MetadataEndpoint;
import io.coffer.metaserver.rpc.MetadataRpc;
import io.coffer.metaserver.rpc.RemoteGroupHost;
import io.grpc.BindableService;
import io.grpc.ServerBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes a metaserver part of a cluster: the port at which it serves, its connections to the others, its heartbeats, its place
 * on the map, and its part of the work for the cluster.
 */
final class ClusterMember implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterMember.class);

    /** How long leaders wait for one to take over from them at an orderly end. */
    private static final Duration HAND_OVER = Duration.ofSeconds(3);

    private static final Duration REGISTRATION_PAUSE = Duration.ofMillis(500);

    private final MetaServerIdentity identity;
    private final ClusterConfig config;
    private final RaftNode raft;
    private final ClusterClock clock;
    private final RandomGenerator random;
    private final RemoteMetadataClient remote;
    private final MetadataClient client;
    private final Heartbeats heartbeats;
    private final Deque<Closeable> opened = new ArrayDeque<>();

    /** What it is made from. */
    record Parts(
            MetaServerIdentity identity,
            ClusterConfig config,
            RaftNode raft,
            GroupMembers members,
            MetadataSpace space,
            MetadataClient local,
            MapFeed feed,
            Connector connector,
            ClusterClock clock,
            Ticker ticker,
            RandomGenerator random) {}

    private ClusterMember(Parts parts) {
        this.identity = parts.identity();
        this.config = parts.config();
        this.raft = parts.raft();
        this.clock = parts.clock();
        this.random = parts.random();
        List<String> seeds = new ArrayList<>(config.seeds());
        if (!seeds.contains(config.self().address())) {
            seeds.add(config.self().address());
        }
        this.remote = new RemoteMetadataClient(
                parts.connector(), seeds, RemoteMetadataClient.Settings.DEFAULT, parts.ticker());
        this.client = new ShortcutMetadataClient(parts.members(), parts.local(), remote);
        this.heartbeats = new Heartbeats(parts.ticker(), clock);
        opened.push(remote);
    }

    /**
     * Opens the port and goes on from there by itself.
     *
     * @param removed told, once, that this server was removed from the cluster
     * @param founding whether this is the first metaserver of a new cluster
     * @param founded called when the cluster is founded, for good
     */
    static ClusterMember start(
            Parts parts,
            ServerBuilder<?> builder,
            List<BindableService> more,
            Consumer<String> removed,
            boolean founding,
            Runnable founded)
            throws IOException {
        ClusterMember member = new ClusterMember(parts);
        try {
            member.open(parts, builder, more, removed);
            Thread registration =
                    Thread.ofVirtual().name("registration").start(() -> member.register(founding ? founded : null));
            member.opened.push(registration::interrupt);
            return member;
        } catch (IOException | RuntimeException e) {
            member.close();
            throw e;
        }
    }

    private void open(Parts parts, ServerBuilder<?> builder, List<BindableService> more, Consumer<String> removed)
            throws IOException {
        Node self = config.self();
        GroupHost here =
                new LocalGroupHost(raft, parts.members(), parts.space(), new Peer(self.id(), self.peerAddress()));
        List<BindableService> services = new ArrayList<>(more);
        MetadataRpc metadata = new MetadataRpc(parts.local(), raft::group, parts.feed(), heartbeats::received);
        services.add(metadata);
        services.add(new GroupsRpc(here));
        opened.push(MetadataEndpoint.open(builder, services));
        opened.push(metadata);
        opened.push(parts.feed());
        opened.push(this::handOver);
        opened.push(HeartbeatSender.start(remote, self.id(), List::of, clock, removed));
        GroupHost.All hosts = node ->
                node.id().equals(self.id()) ? here : new RemoteGroupHost(() -> remote.channel(node.id()), node.label());
        opened.push(ClusterBackground.start(
                client, groups(), hosts, heartbeats, clock, parts.ticker(), random, config.background()));
    }

    /** Puts itself on the map, however long that takes. */
    private void register(@Nullable Runnable founded) {
        try {
            while (true) {
                try {
                    if (founded != null) {
                        new ClusterFoundation(client, clock, random).run(identity.cluster(), config.self());
                        founded.run();
                    } else {
                        client.submit(
                                        GroupId.SYSTEM,
                                        RequestId.create(client.birthMillis(clock.millis()), random),
                                        new RegisterNode(config.self()))
                                .get();
                    }
                    LOG.info(
                            "registered as {} at {}",
                            config.self().label(),
                            config.self().address());
                    return;
                } catch (ExecutionException | RefusedException e) {
                    Throwable why = e.getCause() == null ? e : e.getCause();
                    if (why instanceof RefusedException refused) {
                        if (refused.refusal() == Refusal.NODE_REMOVED) {
                            // Heartbeats are told the same, and end the process.
                            return;
                        }
                        LOG.error("the cluster refuses this metaserver: {}", why.getMessage());
                    } else {
                        LOG.info("not registered yet: {}", why.getMessage());
                    }
                } catch (MetadataUnavailableException | RuntimeException e) {
                    LOG.info("not registered yet: {}", e.getMessage());
                }
                Thread.sleep(REGISTRATION_PAUSE.toMillis());
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    private void handOver() {
        try {
            raft.handOver(HAND_OVER);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** All groups of the cluster, and the map. */
    RemoteMetadataClient remote() {
        return remote;
    }

    /** What was heard of the nodes while this server led the system group. */
    Heartbeats heartbeats() {
        return heartbeats;
    }

    /** How long each node has been silent, as far as it was heard while this server led the system group. */
    Map<NodeId, Duration> silence() {
        return raft.group(GroupId.SYSTEM).filter(ConsensusGroup::leads).isPresent() ? heartbeats.silence() : Map.of();
    }

    MetadataClient client() {
        return client;
    }

    Groups groups() {
        return new Groups() {
            @Override
            public boolean leads(GroupId group) {
                return raft.group(group).filter(ConsensusGroup::leads).isPresent();
            }

            @Override
            public List<GroupId> local() {
                return bucketGroups(
                        raft.groups().stream().map(ConsensusGroup::id).toList());
            }

            @Override
            public List<GroupId> all() {
                return bucketGroups(remote.watch().current().groups().keySet());
            }
        };
    }

    private static List<GroupId> bucketGroups(Collection<GroupId> groups) {
        return groups.stream().filter(group -> !group.isSystem()).sorted().toList();
    }

    @Override
    public void close() throws IOException {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
