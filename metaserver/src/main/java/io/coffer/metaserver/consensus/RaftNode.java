package io.coffer.metaserver.consensus;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.rpc.ClusterTls;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.GroupManagementRequest;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.StateMachine;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Ratis server with this node's members of groups, each in a directory of its own below {@code raft}. Where no group has
 * other peers it opens no port. Thread-safe.
 */
public final class RaftNode implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(RaftNode.class);
    private static final String DIRECTORY = "raft";

    private final FileSystem directory;
    private final ClusterId cluster;
    private final ReplicatedState.Opener opener;
    private final RaftSettings settings;
    private final ClientId client = ClientId.randomId();
    private final CheckpointThread checkpoints = new CheckpointThread();
    private final Map<GroupId, ConsensusGroup> groups = new ConcurrentHashMap<>();

    /** The machines of groups that are being added, where Ratis picks them up. */
    private final Map<RaftGroupId, StateMachine> machines = new ConcurrentHashMap<>();

    private final ReceiveGate gate = new ReceiveGate();
    private final RaftServer server;
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile @Nullable Reopening reopening;

    /** Whether no group has other peers. */
    private final boolean alone;

    private RaftNode(
            FileSystem directory,
            ClusterId cluster,
            NodeId self,
            Optional<String> address,
            Optional<ClusterTls> tls,
            RaftSettings settings,
            ReplicatedState.Opener opener)
            throws IOException {
        this.directory = directory.subdirectory(DIRECTORY);
        this.cluster = cluster;
        this.opener = opener;
        this.settings = settings;
        this.alone = address.isEmpty();
        this.directory.createDirectories("");
        RaftProperties properties = RatisProperties.of(settings, address.isEmpty());
        address.ifPresent(listen -> listen(properties, listen));
        // Ratis opens by itself what it finds in its directory, with no peers if a crash came before it had written
        // them. So it
        // is shown the directory only when groups are added, peers included.
        RaftServerConfigKeys.setStorageDir(properties, List.of());
        this.server = RaftServer.newBuilder()
                .setServerId(Peer.idOf(self))
                .setProperties(properties)
                .setParameters(parameters(tls))
                .setStateMachineRegistry(machines::get)
                .build();
        String real = this.directory
                .realPath("")
                .orElseThrow(() -> new IOException("a metaserver's directory must be on a real disk"));
        RaftServerConfigKeys.setStorageDir(server.getProperties(), List.of(new File(real)));
    }

    /**
     * Starts the server and its groups: those that are named, and those that it finds on disk.
     *
     * @param directory the metaserver's own
     * @param address {@code host:port} to listen on for other peers; empty if no group has any
     * @param tls for connections to and from them; empty for none
     */
    public static RaftNode start(
            FileSystem directory,
            ClusterId cluster,
            NodeId self,
            Optional<String> address,
            Optional<ClusterTls> tls,
            RaftSettings settings,
            ReplicatedState.Opener opener,
            List<GroupSpec> groups)
            throws IOException {
        RaftNode node = new RaftNode(directory, cluster, self, address, tls, settings, opener);
        try {
            node.server.start();
            for (GroupSpec group : groups) {
                node.add(group);
            }
            node.openFound();
            return node;
        } catch (IOException | RuntimeException e) {
            try {
                node.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
    }

    /** The same without TLS. */
    public static RaftNode start(
            FileSystem directory,
            ClusterId cluster,
            NodeId self,
            Optional<String> address,
            RaftSettings settings,
            ReplicatedState.Opener opener,
            List<GroupSpec> groups)
            throws IOException {
        return start(directory, cluster, self, address, Optional.empty(), settings, opener, groups);
    }

    private Parameters parameters(Optional<ClusterTls> tls) {
        Parameters parameters = new Parameters();
        GrpcConfigKeys.Server.setServicesCustomizer(parameters, (builder, types) -> builder.intercept(gate));
        tls.ifPresent(own -> GrpcConfigKeys.TLS.setConf(parameters, RaftTls.config(own)));
        return parameters;
    }

    private static void listen(RaftProperties properties, String address) {
        int colon = address.lastIndexOf(':');
        GrpcConfigKeys.Server.setHost(properties, address.substring(0, colon));
        GrpcConfigKeys.Server.setPort(properties, Integer.parseInt(address.substring(colon + 1)));
    }

    /** One group that can't be opened is no reason to keep the others from going on. */
    private void openFound() throws IOException {
        for (String name : directory.list("")) {
            if (name.endsWith(FileSystem.TEMPORARY_SUFFIX)) {
                directory.deleteRecursively(name);
                continue;
            }
            Optional<GroupId> found = groupOf(name);
            if (found.isPresent() && !groups.containsKey(found.get())) {
                try {
                    add(GroupSpec.joining(found.get()));
                } catch (IOException e) {
                    LOG.error(
                            "group {} can't be opened; its other members go on without this server",
                            found.get().value(),
                            e);
                }
            }
        }
    }

    /** The group whose directory has this name. */
    private Optional<GroupId> groupOf(String directoryName) {
        try {
            UUID name = UUID.fromString(directoryName);
            long number = name.getLeastSignificantBits() - cluster.value().getLeastSignificantBits();
            boolean ours = name.getMostSignificantBits() == cluster.value().getMostSignificantBits();
            return ours && number >= 0 && number <= Integer.MAX_VALUE
                    ? Optional.of(new GroupId((int) number))
                    : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Opens this node's member of a group unless it is open. One that never heard of other members may be founded again. */
    public synchronized ConsensusGroup host(GroupSpec spec) throws IOException {
        ConsensusGroup open = groups.get(spec.group());
        if (open != null && !spec.peers().isEmpty()) {
            MemberStatus status = open.status();
            if (status.members().isEmpty() && status.applied() < 0) {
                remove(spec.group());
                open = null;
            }
        }
        return open != null ? open : add(spec);
    }

    /** Opens this node's member of a group, or creates it. */
    public synchronized ConsensusGroup add(GroupSpec spec) throws IOException {
        GroupId group = spec.group();
        RaftGroupId id = idOf(group);
        GroupStateMachine machine = new GroupStateMachine(
                group,
                directory.subdirectory(id.getUuid().toString()),
                opener,
                settings,
                new GroupStateMachine.Listener() {
                    @Override
                    public void checkpointDue() {
                        checkpoints.request(group, () -> checkpoint(group));
                    }

                    @Override
                    public void failed(GroupStateMachine failed, Throwable why) {
                        Thread.ofPlatform()
                                .daemon()
                                .name("stop-group-" + group.value())
                                .start(() -> stop(spec, failed, why));
                    }
                });
        machines.put(id, machine);
        RaftGroup raftGroup = RaftGroup.valueOf(
                id, spec.peers().stream().map(Peer::toRaftPeer).toList());
        gate.close();
        try {
            require(server.groupManagement(
                    GroupManagementRequest.newAdd(client, server.getId(), CallId.getAndIncrement(), raftGroup, false)));
        } finally {
            gate.reopen();
        }
        ConsensusGroup added = new ConsensusGroup(group, id, server, machine, alone);
        groups.put(group, added);
        return added;
    }

    /** Ends this node's member of a group and deletes its directory. */
    public synchronized void remove(GroupId group) throws IOException {
        RaftGroupId id = idOf(group);
        groups.remove(group);
        closeMember(id);
        // A half-deleted group must not look like one: it goes away under another name.
        String name = id.getUuid().toString();
        if (directory.exists(name)) {
            String dying = name + FileSystem.TEMPORARY_SUFFIX;
            directory.deleteRecursively(dying);
            directory.rename(name, dying);
            directory.syncDirectory("");
            directory.deleteRecursively(dying);
        }
    }

    /** Ends this node's member of a group and leaves its directory as it is. */
    private void closeMember(RaftGroupId id) throws IOException {
        for (RaftGroupId open : server.getGroupIds()) {
            if (open.equals(id)) {
                require(server.groupManagement(GroupManagementRequest.newRemove(
                        client, server.getId(), CallId.getAndIncrement(), id, false, false)));
            }
        }
        machines.remove(id);
    }

    private static void require(RaftClientReply reply) throws IOException {
        if (!reply.isSuccess()) {
            throw reply.getException();
        }
    }

    /** This node's member of the group; empty if it has none. */
    public Optional<ConsensusGroup> group(GroupId group) {
        return Optional.ofNullable(groups.get(group));
    }

    /** This node's members of groups. */
    public List<ConsensusGroup> groups() {
        return List.copyOf(groups.values());
    }

    /** The cluster's id is in it, so that a server of another cluster finds nothing here. */
    private RaftGroupId idOf(GroupId group) {
        UUID id = cluster.value();
        return RaftGroupId.valueOf(new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() + group.value()));
    }

    /** Takes a checkpoint of every group now. For an orderly shutdown and for tests; it happens by itself otherwise. */
    public void checkpointAll() throws IOException, InterruptedException {
        for (ConsensusGroup group : groups.values()) {
            checkpoints.run(() -> {
                group.checkpoint();
                return null;
            });
        }
    }

    /** Has every group take a checkpoint soon and purge its log, to give space back. */
    public void requestCheckpoints() {
        groups.keySet().forEach(group -> checkpoints.request(group, () -> checkpoint(group)));
    }

    private void checkpoint(GroupId group) {
        ConsensusGroup member = groups.get(group);
        if (member == null) {
            return;
        }
        try {
            member.checkpoint();
        } catch (NoSpaceException e) {
            LOG.warn("group {}: no checkpoint: {}", group.value(), e.getMessage());
        } catch (IOException e) {
            LOG.warn("group {}: no checkpoint; the log grows until the next one", group.value(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * From now on a group that had to stop because the disk was full is opened again when there is room: what it had written is synced then.
     * After other failures of a disk a sync may succeed and what is in the cache still not be on the disk, so that is left to an operator.
     *
     * @param room whether there is enough for a group to work
     * @param opened told of every group that was opened again
     */
    public void reopenStopped(BooleanSupplier room, Consumer<ConsensusGroup> opened) {
        reopening = new Reopening(room, opened);
    }

    private record Reopening(BooleanSupplier room, Consumer<ConsensusGroup> opened) {}

    private void stop(GroupSpec spec, GroupStateMachine failed, Throwable why) {
        try {
            ConsensusGroup member;
            // A machine may fail before it is known here.
            synchronized (this) {
                member = groups.get(spec.group());
                if (member == null || !member.isOf(failed)) {
                    return;
                }
                member.stop();
            }
            if (NoSpaceException.isBehind(why)) {
                reopenWhenThereIsRoom(member, spec);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reopenWhenThereIsRoom(ConsensusGroup stopped, GroupSpec spec) throws InterruptedException {
        boolean settled = false;
        while (!settled && !closing.await(Limits.ROOM_CHECKS.toMillis(), TimeUnit.MILLISECONDS)) {
            Reopening known = reopening;
            settled = known != null && known.room().getAsBoolean() && reopen(stopped, spec, known.opened());
        }
    }

    /** Returns whether nothing is left to do: it is open again, or was removed or replaced meanwhile, or this node closes. */
    private synchronized boolean reopen(ConsensusGroup stopped, GroupSpec spec, Consumer<ConsensusGroup> opened) {
        GroupId group = spec.group();
        if (groups.get(group) != stopped || closing.getCount() == 0) {
            return true;
        }
        try {
            closeMember(idOf(group));
            opened.accept(add(alone ? spec : GroupSpec.joining(group)));
            LOG.info("group {} is open again: there is room", group.value());
            return true;
        } catch (IOException | RuntimeException e) {
            LOG.warn("group {} can't be opened again yet", group.value(), e);
            return false;
        }
    }

    /** Hands the groups that are led from here to other members, as far as that goes within the time. */
    public void handOver(Duration atMost) throws InterruptedException {
        CompletableFuture<?>[] handed = groups.values().stream()
                .filter(ConsensusGroup::leads)
                .map(group -> group.handOver(atMost).exceptionally(why -> {
                    LOG.info("group {} was not handed over: {}", group.id().value(), why.getMessage());
                    return null;
                }))
                .toArray(CompletableFuture<?>[]::new);
        try {
            CompletableFuture.allOf(handed).get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.info("not every group was handed over within {}", atMost);
        }
    }

    @Override
    public void close() throws IOException {
        closing.countDown();
        checkpoints.close();
        server.close();
    }
}
