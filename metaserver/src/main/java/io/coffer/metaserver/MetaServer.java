package io.coffer.metaserver;

import io.coffer.common.chunk.ChunkStores;
import io.coffer.common.concurrent.NamedThreads;
import io.coffer.common.id.GroupId;
import io.coffer.common.io.AlreadyLockedException;
import io.coffer.common.io.FileSystem;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.background.Background;
import io.coffer.metaserver.background.Groups;
import io.coffer.metaserver.command.CommandBatcher;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.metaserver.consensus.RaftNode;
import io.coffer.metaserver.consensus.ReplicatedState;
import io.coffer.metaserver.store.StoreResources;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/**
 * A metaserver: its members of Raft groups in one directory, which it holds under a lock, and what gathers commands for them.
 * Thread-safe.
 */
public final class MetaServer implements Closeable {
    private static final String LOCK = "lock";
    private static final Duration DEADLINE_CHECKS = Duration.ofMillis(250);

    private final MetaServerConfig config;
    private final Map<GroupId, LocalMetadataClient.Member> members;
    private final LocalMetadataClient client;
    private final RaftNode raft;

    /** What to close, the last opened first. */
    private final Deque<Closeable> opened;

    private MetaServer(
            MetaServerConfig config,
            RaftNode raft,
            Map<GroupId, LocalMetadataClient.Member> members,
            MetadataSpace space,
            Deque<Closeable> opened) {
        this.config = config;
        this.raft = raft;
        this.members = members;
        this.client = new LocalMetadataClient(members, space, Thread::startVirtualThread);
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
            CommandBatcher.Load load) {}

    /**
     * Opens the groups in a directory, or creates them there.
     *
     * @throws IOException if another process has the directory, it belongs to another cluster or node, or it is damaged; the
     *     message is for an operator
     */
    public static MetaServer open(MetaServerConfig config, FileSystem directory, WallClock clock, Ticker ticker)
            throws IOException {
        Deque<Closeable> opened = new ArrayDeque<>();
        try {
            directory.createDirectories("");
            opened.push(lock(directory));
            config.identity().claim(directory);
            StoreResources resources = new StoreResources(config.cacheBytes(), config.writeBufferBytes());
            opened.push(resources::close);
            ReplicatedState.Opener opener = (group, path) -> MachineState.open(group, path, resources);
            RaftNode raft = RaftNode.start(
                    directory,
                    config.identity().cluster(),
                    config.identity().node(),
                    config.address(),
                    config.raft(),
                    opener,
                    config.groups());
            opened.push(raft);
            Map<GroupId, LocalMetadataClient.Member> members = new TreeMap<>();
            for (ConsensusGroup group : raft.groups()) {
                CommandBatcher batcher = batcher(config, group, clock, ticker);
                opened.push(batcher);
                members.put(group.id(), new LocalMetadataClient.Member(group, batcher));
            }
            opened.push(deadlines(members));
            MetadataSpace space = new MetadataSpace(directory::space, ticker, raft::requestCheckpoints);
            return new MetaServer(config, raft, members, space, opened);
        } catch (IOException | RuntimeException e) {
            closeAll(opened, e);
            throw e;
        }
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

    /** One thread that fails what is past its deadline. */
    private static Closeable deadlines(Map<GroupId, LocalMetadataClient.Member> members) {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(new NamedThreads("deadlines"));
        long period = DEADLINE_CHECKS.toMillis();
        timer.scheduleWithFixedDelay(
                () -> members.values().forEach(member -> member.batcher().expire()),
                period,
                period,
                TimeUnit.MILLISECONDS);
        return timer::shutdownNow;
    }

    /** The groups of this process, for everything that shares it. */
    public MetadataClient client() {
        return client;
    }

    /** Waits until every group has a leader, and those led from here have caught up with what was committed. */
    public void awaitLeaders(Duration atMost) throws TimeoutException, InterruptedException, IOException {
        CompletableFuture<?>[] ready =
                members.values().stream().map(member -> member.group().ready()).toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(ready).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("a group has stopped", e.getCause());
        }
    }

    /** The groups of this server, in the order of their ids. */
    public List<GroupStatus> status() {
        return members.values().stream()
                .map(member -> new GroupStatus(
                        member.group().id(),
                        member.group().leads(),
                        member.group().leader(),
                        member.group().appliedIndex(),
                        member.group().failure(),
                        member.batcher().load()))
                .toList();
    }

    /** Takes a checkpoint of every group and purges its log, which otherwise happens by itself as the log grows. */
    public void checkpoint() throws IOException, InterruptedException {
        raft.checkpointAll();
    }

    /** Starts the background work of the groups that are led from here; it ends with this server. */
    public synchronized void startBackground(
            ChunkStores stores, WallClock clock, Ticker ticker, RandomGenerator random, Background.Pace pace) {
        opened.push(Background.start(client, stores, groups(), clock, ticker, random, pace));
    }

    /** The groups, as background work sees them. */
    private Groups groups() {
        List<GroupId> bucketGroups = config.groups().stream()
                .map(spec -> spec.group())
                .filter(group -> !group.isSystem())
                .sorted(Comparator.naturalOrder())
                .toList();
        return new Groups() {
            @Override
            public boolean leads(GroupId group) {
                LocalMetadataClient.Member member = members.get(group);
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
