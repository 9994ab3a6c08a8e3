package io.coffer.metaserver;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.AlreadyLockedException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.remote.ClusterMapWatch;
import io.coffer.common.metadata.remote.Connector;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.background.Background;
import io.coffer.metaserver.background.Groups;
import io.coffer.metaserver.background.Heartbeats;
import io.coffer.metaserver.background.LifecyclePace;
import io.coffer.metaserver.background.LifecycleTally;
import io.coffer.metaserver.command.CommandBatcher;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.RaftFigures;
import io.coffer.metaserver.consensus.RaftNode;
import io.coffer.metaserver.consensus.ReplicatedState;
import io.coffer.metaserver.rpc.MapFeed;
import io.coffer.metaserver.store.StoreResources;
import io.grpc.BindableService;
import io.grpc.ServerBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A metaserver: its members of Raft groups in one directory, which it holds under a lock, and what gathers commands for them.
 * Thread-safe.
 */
public final class MetaServer implements Closeable {
    private static final String LOCK = "lock";

    /** In the directory of the metaserver that founded a cluster: it never does so again. */
    private static final String FOUNDED = "founded";

    private final MetaServerConfig config;
    private final FileSystem directory;
    private final GroupMembers members;
    private final MetadataSpace space;
    private final LocalMetadataClient local;
    private final RaftNode raft;
    private final MapFeed feed;
    private final ClusterClock clock;
    private final Ticker ticker;
    private volatile @Nullable ClusterMember cluster;
    private volatile @Nullable Background background;

    /** What to close, the last opened first. */
    private final Deque<Closeable> opened;

    private MetaServer(
            MetaServerConfig config,
            FileSystem directory,
            RaftNode raft,
            GroupMembers members,
            MetadataSpace space,
            MapFeed feed,
            ClusterClock clock,
            Ticker ticker,
            Deque<Closeable> opened) {
        this.config = config;
        this.directory = directory;
        this.raft = raft;
        this.members = members;
        this.space = space;
        this.local = new LocalMetadataClient(members, space, Thread::startVirtualThread);
        this.feed = feed;
        this.clock = clock;
        this.ticker = ticker;
        this.opened = opened;
    }

    /**
     * A group as this server sees it.
     *
     * @param leader the leader's node; empty if this server knows none
     * @param failure why the group has stopped on this server; empty while it runs
     * @param load of the commands that came through this server
     */
    public record GroupStatus(
            GroupId group,
            boolean leads,
            Optional<String> leader,
            long appliedIndex,
            Optional<Throwable> failure,
            CommandBatcher.Load load,
            RaftFigures raft) {}

    /**
     * Opens the groups in a directory, or creates them there.
     *
     * @param own this host's clock, which the others may put right
     * @throws IOException if another process has the directory, it belongs to another cluster or node, or it is damaged; the
     *     message is for an operator
     */
    public static MetaServer open(MetaServerConfig config, FileSystem directory, WallClock own, Ticker ticker)
            throws IOException {
        return open(config, directory, new ClusterClock(own), ticker);
    }

    /** The same, with a clock that others of this process use, too. */
    public static MetaServer open(MetaServerConfig config, FileSystem directory, ClusterClock clock, Ticker ticker)
            throws IOException {
        Deque<Closeable> opened = new ArrayDeque<>();
        try {
            directory.createDirectories("");
            opened.push(lock(directory));
            config.identity().claim(directory);
            StoreResources resources = new StoreResources(config.cacheBytes(), config.writeBufferBytes());
            opened.push(resources::close);
            MapFeed feed = new MapFeed();
            ReplicatedState.Opener opener = (group, path) -> MachineState.open(group, path, resources, feed);
            boolean founded = directory.exists(FOUNDED);
            RaftNode raft = RaftNode.start(
                    directory,
                    config.identity().cluster(),
                    config.identity().node(),
                    config.address(),
                    config.tls(),
                    config.raft(),
                    opener,
                    founded ? List.of() : config.groups());
            opened.push(raft);
            GroupMembers members = new GroupMembers(group -> batcher(config, group, clock, ticker));
            raft.groups().forEach(members::add);
            opened.push(members);
            MetadataSpace space = new MetadataSpace(directory::space, ticker, raft::requestCheckpoints);
            raft.reopenStopped(space::hasRoom, members::add);
            return new MetaServer(config, directory, raft, members, space, feed, clock, ticker, opened);
        } catch (IOException | RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
    }

    /** The cluster's time of day, as this server knows it. */
    public ClusterClock clock() {
        return clock;
    }

    /** The free space that metadata need on a disk of this size, and that nothing else of this process should take. */
    public static long reserveBytes(long diskBytes) {
        return MetadataSpace.reserveBytes(diskBytes);
    }

    private static FileSystem.Lock lock(FileSystem directory) throws IOException {
        try {
            return directory.lock(LOCK);
        } catch (AlreadyLockedException e) {
            throw new IOException("another process uses the metadata directory", e);
        }
    }

    private static CommandBatcher batcher(
            MetaServerConfig config, ConsensusGroup group, WallClock clock, Ticker ticker) {
        Executor completions = Thread::startVirtualThread;
        return new CommandBatcher(group, clock, ticker, config.batches(), completions);
    }

    /**
     * Makes this server a part of a cluster: serves at a port, registers, and works with the other metaservers from then on. It
     * opens and drops groups as they ask. A server whose configuration has groups founds the cluster at its first start.
     *
     * @param connector makes connections to other metaservers, and to this one
     * @param builder knows at which address to serve, and how connections are secured
     * @param more services at the same port
     * @param removed told, once, that this server was removed from the cluster
     */
    public synchronized void joinCluster(
            ClusterConfig joined,
            Connector connector,
            ServerBuilder<?> builder,
            List<BindableService> more,
            Consumer<String> removed,
            RandomGenerator random)
            throws IOException {
        boolean founding = !config.groups().isEmpty() && !directory.exists(FOUNDED);
        ClusterMember member = ClusterMember.start(
                new ClusterMember.Parts(
                        config.identity(), joined, raft, members, space, local, feed, connector, clock, ticker, random),
                builder,
                more,
                removed,
                founding,
                this::founded);
        opened.push(member);
        cluster = member;
    }

    private void founded() {
        try {
            directory.replace(FOUNDED, new byte[0]);
        } catch (IOException e) {
            throw new IllegalStateException("can't note that the cluster is founded", e);
        }
    }

    /** The groups that have a member in this process. */
    public MetadataClient localClient() {
        return local;
    }

    /** The groups of this process alone, or of the whole cluster that it has joined. */
    public MetadataClient client() {
        ClusterMember joined = cluster;
        return joined == null ? local : joined.client();
    }

    /** The cluster map of the cluster that was joined, kept up to date. */
    public ClusterMapWatch watch() {
        return requireCluster().remote().watch();
    }

    private ClusterMember requireCluster() {
        ClusterMember joined = cluster;
        if (joined == null) {
            throw new IllegalStateException("this server is in no cluster");
        }
        return joined;
    }

    /** Waits until every group has a leader, and those led from here have caught up with what was committed. */
    public void awaitLeaders(Duration atMost) throws TimeoutException, InterruptedException, IOException {
        CompletableFuture<?>[] ready =
                members.all().stream().map(member -> member.group().ready()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ready).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a group has stopped", e.getCause());
        }
    }

    /** The cluster map as this server has stored it, which may be behind; empty if it has no member of the system group. */
    public Optional<ClusterMap> storedMap() {
        return stored(new SystemQuery.GetClusterMap()).map(Reply.ClusterMapReply::map);
    }

    /** A named value as this server has stored it: before the system group has a leader, for what never changes. */
    public Optional<Reply.DocumentReply> storedDocument(String name) {
        return stored(new SystemQuery.GetDocument(name));
    }

    private <R extends Reply> Optional<R> stored(SystemQuery<R> query) {
        Optional<ConsensusGroup> member = raft.group(GroupId.SYSTEM);
        try {
            return member.isPresent() ? Optional.of(member.get().answer(query)) : Optional.empty();
        } catch (RefusedException | MetadataUnavailableException e) {
            return Optional.empty();
        }
    }

    /** The groups of this server, in the order of their ids. */
    public List<GroupStatus> status() {
        return members.all().stream()
                .map(member -> new GroupStatus(
                        member.group().id(),
                        member.group().leads(),
                        member.group().leader().map(NodeId::toString),
                        member.group().appliedIndex(),
                        member.group().failure(),
                        member.batcher().load(),
                        member.group().figures()))
                .toList();
    }

    /** How long each node has been silent, as far as it was heard here: by the leader of the system group alone. */
    public Map<NodeId, Duration> silence() {
        ClusterMember joined = cluster;
        return joined == null ? Map.of() : joined.silence();
    }

    /** The groups of this server, as Raft sees them. */
    public List<MemberStatus> members() {
        return raft.groups().stream().map(ConsensusGroup::status).toList();
    }

    /** Takes a checkpoint of every group and purges its log, which otherwise happens by itself as the log grows. */
    public void checkpoint() throws IOException, InterruptedException {
        raft.checkpointAll();
    }

    /** Starts the background work of the groups that are led from here; it ends with this server. */
    public synchronized void startBackground(
            ChunkStores stores,
            WallClock clock,
            Ticker ticker,
            RandomGenerator random,
            Supplier<List<String>> policies,
            Background.Pace pace,
            LifecyclePace lifecycle) {
        Optional<Heartbeats> heartbeats = Optional.ofNullable(cluster).map(ClusterMember::heartbeats);
        Background started = Background.start(
                client(), stores, groups(), clock, ticker, random, policies, heartbeats, pace, lifecycle);
        opened.push(started);
        background = started;
    }

    /** What lifecycle rules have done here; empty before background work began. */
    public Optional<LifecycleTally.Figures> lifecycle() {
        return Optional.ofNullable(background).map(Background::lifecycle);
    }

    /** The groups, as background work sees them. */
    private Groups groups() {
        ClusterMember joined = cluster;
        if (joined != null) {
            return joined.groups();
        }
        List<GroupId> bucketGroups = config.groups().stream()
                .map(spec -> spec.group())
                .filter(group -> !group.isSystem())
                .sorted()
                .toList();
        return new Groups() {
            @Override
            public boolean leads(GroupId group) {
                GroupMembers.Member member = members.get(group);
                return member != null && member.group().leads();
            }

            @Override
            public List<GroupId> local() {
                return bucketGroups;
            }

            @Override
            public List<GroupId> all() {
                return bucketGroups;
            }
        };
    }

    /**
     * Makes everything applied durable and gives the directory back. Callers end their requests before: the outcome of a command
     * in flight is unknown to them.
     */
    @Override
    public synchronized void close() throws IOException {
        List<IOException> failures = new ArrayList<>();
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                failures.add(e);
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private static void closeAll(Deque<Closeable> opened, Exception why) {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (IOException e) {
                why.addSuppressed(e);
            }
        }
    }
}
