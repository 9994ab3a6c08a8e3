package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.command.Proposer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.client.impl.OrderedAsync;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.util.LifeCycle;

/**
 * This server's member of one group: proposes, and answers reads. Proposals go straight to Ratis' division, without a client and
 * without Ratis' hand-off to a pool: the caller's thread writes them to the log's queue. Thread-safe.
 */
public final class ConsensusGroup implements Proposer {
    private final GroupId group;
    private final RaftGroupId raftGroup;
    private final ClientId client = ClientId.randomId();
    private final RaftPeerId self;
    private final RaftServer server;
    private final RaftServer.Division division;
    private final RaftClientAsynchronousProtocol requests;
    private final GroupStateMachine machine;
    private final boolean alone;
    private final ReadBarrier barrier = new ReadBarrier(this::checkLeadership);

    ConsensusGroup(GroupId group, RaftGroupId raftGroup, RaftServer server, GroupStateMachine machine, boolean alone)
            throws IOException {
        this.group = group;
        this.raftGroup = raftGroup;
        this.self = server.getId();
        this.server = server;
        this.division = server.getDivision(raftGroup);
        // RaftServer.submitClientRequestAsync hands every request to another thread and waits for it.
        this.requests = (RaftClientAsynchronousProtocol) division;
        this.machine = machine;
        this.alone = alone;
    }

    public GroupId id() {
        return group;
    }

    /** Whether this server leads the group and has applied everything that earlier leaders committed. */
    public boolean leads() {
        return division.getInfo().isLeaderReady();
    }

    /** Completes when the group first has a leader that can answer; fails if the group stops on this server before. */
    public CompletableFuture<Void> ready() {
        return machine.ready();
    }

    /** The node that leads, as far as this server knows. */
    public Optional<NodeId> leader() {
        return Optional.ofNullable(division.getInfo().getLeaderId()).map(Peer::nodeOf);
    }

    /** Why the group can't go on on this server; empty while it can. */
    public Optional<Throwable> failure() {
        return machine.failure().or(this::closing);
    }

    /** Ratis closes a division by itself if it can't read its log, say, and tells nobody. */
    private Optional<Throwable> closing() {
        LifeCycle.State state = division.getInfo().getLifeCycleState();
        return state.isClosingOrClosed() || state == LifeCycle.State.EXCEPTION
                ? Optional.of(new IllegalStateException("Raft has closed it: the log tells why"))
                : Optional.empty();
    }

    /** The last entry applied here. */
    public long appliedIndex() {
        return machine.getLastAppliedTermIndex().getIndex();
    }

    /** The group's time as of the last entry applied here, milliseconds since 1970; it never goes back. */
    public long timeMillis() {
        return machine.timeMillis();
    }

    @Override
    public CompletableFuture<List<Outcome>> propose(ByteBuffer batch) {
        Proposal proposal = new Proposal(batch);
        try {
            requests.submitClientRequestAsync(request(proposal, RaftClientRequest.writeRequestType()))
                    .whenComplete((reply, failure) -> ended(proposal, reply, failure));
        } catch (IOException | RuntimeException e) {
            proposal.unavailable(unavailable("takes no proposals on this server", e));
        }
        return proposal.outcomes();
    }

    /** Either it was applied and has its outcomes already, or nobody here knows what becomes of it. */
    private void ended(Proposal proposal, RaftClientReply reply, Throwable failure) {
        if (proposal.outcomes().isDone()) {
            return;
        }
        Throwable why = failure != null ? unwrap(failure) : reply.getException();
        proposal.unavailable(why != null ? unavailable("did not take the proposal", why) : machine.notOpen());
    }

    /** A leader that steps down answers what it had under way with the same exception as what it never took. */
    private MetadataUnavailableException unavailable(String what, Throwable why) {
        return switch (why) {
            case NotLeaderException other ->
                MetadataUnavailableException.notLeader(
                        "this server doesn't lead group " + group.value(),
                        other.getSuggestedLeader() == null
                                ? leader().orElse(null)
                                : Peer.nodeOf(other.getSuggestedLeader().getId()));
            case LeaderNotReadyException notReady ->
                MetadataUnavailableException.notLeader(
                        "group " + group.value() + " is being taken over by this server", Peer.nodeOf(self));
            case ResourceUnavailableException full ->
                MetadataUnavailableException.overloaded(
                        "group " + group.value() + " " + what + ": " + full.getMessage());
            default -> new MetadataUnavailableException("group " + group.value() + " " + what, why);
        };
    }

    private static Throwable unwrap(Throwable e) {
        return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
    }

    /**
     * Completes when {@link #answer} will answer from a state that holds every command acknowledged before this call; fails with
     * {@link MetadataUnavailableException}. A group of one answers at once.
     */
    public CompletableFuture<Void> readable() {
        if (alone) {
            return leads() ? CompletableFuture.completedFuture(null) : CompletableFuture.failedFuture(notReady());
        }
        return barrier.pass();
    }

    private MetadataUnavailableException notReady() {
        return new MetadataUnavailableException(
                "group " + group.value() + " has no leader yet",
                machine.failure().orElse(null));
    }

    /** By lease or by a round of heartbeats; on a follower by asking the leader. */
    private CompletableFuture<Void> checkLeadership() {
        try {
            return requests.submitClientRequestAsync(request(OrderedAsync.DUMMY, RaftClientRequest.readRequestType()))
                    .handle((reply, failure) -> {
                        Throwable why = failure != null ? unwrap(failure) : reply.getException();
                        if (why != null) {
                            throw new CompletionException(unavailable("can't confirm its leader", why));
                        }
                        return null;
                    });
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(unavailable("answers no reads on this server", e));
        }
    }

    /** Answers on the caller's thread from what is applied here. Call it when {@link #readable} has completed. */
    public <R extends Reply> R answer(Query<R> query) throws RefusedException, MetadataUnavailableException {
        return machine.answer(query);
    }

    /**
     * Answers without waiting for anything, from a state that holds every command acknowledged before this call; empty if it can't: it
     * doesn't lead, or would have to ask others or a disk.
     */
    public <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException {
        if (!leads()) {
            return Optional.empty();
        }
        CompletableFuture<Void> readable = readable();
        return readable.isDone() && !readable.isCompletedExceptionally()
                ? machine.answerFromMemory(query)
                : Optional.empty();
    }

    private RaftClientRequest request(Message message, RaftClientRequest.Type type) {
        return RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(self)
                .setGroupId(raftGroup)
                .setCallId(CallId.getAndIncrement())
                .setMessage(message)
                .setType(type)
                .build();
    }

    /** Takes a checkpoint of what is applied and purges the log before it. One thread at a time. */
    void checkpoint() throws IOException, InterruptedException {
        if (!machine.takeCheckpoint()) {
            return;
        }
        SnapshotManagementRequest request = SnapshotManagementRequest.newCreate(
                client, self, raftGroup, CallId.getAndIncrement(), Limits.PURGE_TIMEOUT.toMillis(), 1);
        try {
            server.snapshotManagementAsync(request).get(Limits.PURGE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
            throw new IOException("the log of group " + group.value() + " was not purged", e);
        }
        machine.pruneCheckpoints(alone ? Limits.CHECKPOINTS_ALONE : Limits.CHECKPOINTS_WITH_FOLLOWERS);
    }

    /** How it is, as seen from here. */
    public MemberStatus status() {
        RaftConfiguration configuration = division.getRaftConf();
        List<Peer> members =
                configuration.getCurrentPeers().stream().map(Peer::of).toList();
        return new MemberStatus(
                group,
                leads(),
                leader(),
                members,
                appliedIndex(),
                configuration.getPreviousPeers().isEmpty(),
                lagging(members));
    }

    /** How it is, in figures. */
    public RaftFigures figures() {
        RaftLog log = division.getRaftLog();
        long last = lastEntry(log);
        long committed = log.getLastCommittedIndex();
        return new RaftFigures(
                division.getRaftConf().getCurrentPeers().size(),
                division.getInfo().getCurrentTerm(),
                last,
                committed,
                followerLag(last),
                Math.max(0, last + 1 - Math.max(0, log.getStartIndex())),
                Math.max(0, appliedIndex() - machine.checkpointIndex()),
                machine.sinceCheckpoint().toMillis() / 1000.0);
    }

    /** Of a group that has stopped, possibly just now, the last one applied. */
    private long lastEntry(RaftLog log) {
        try {
            return log.getNextIndex() - 1;
        } catch (IllegalStateException closed) {
            return appliedIndex();
        }
    }

    private long followerLag(long last) {
        long[] matched = division.getInfo().getFollowerMatchIndices();
        long lag = 0;
        if (matched != null) {
            for (long follower : matched) {
                lag = Math.max(lag, last - follower);
            }
        }
        return lag;
    }

    private Set<NodeId> lagging(List<Peer> members) {
        Set<NodeId> lagging = new HashSet<>();
        long last = appliedIndex();
        Map<NodeId, Long> followers = followers();
        for (Peer peer : members) {
            if (leads() && !peer.node().equals(Peer.nodeOf(self))) {
                Long matched = followers.get(peer.node());
                if (matched == null || matched + Limits.CLOSE_BEHIND_ENTRIES < last) {
                    lagging.add(peer.node());
                }
            }
        }
        return lagging;
    }

    /** Members that answer, and the last entry that each is known to have; empty unless this server leads. */
    private Map<NodeId, Long> followers() {
        RoleInfoProto role = division.getInfo().getRoleInfoProto();
        long[] matched = division.getInfo().getFollowerMatchIndices();
        List<ServerRpcProto> known = role.getLeaderInfo().getFollowerInfoList();
        Map<NodeId, Long> followers = new HashMap<>();
        // The two are read one after the other: while members change they may not belong together.
        if (matched != null && matched.length == known.size()) {
            for (int i = 0; i < matched.length; i++) {
                ServerRpcProto follower = known.get(i);
                if (follower.getLastRpcElapsedTimeMs() < Limits.SILENT_FOLLOWER.toMillis()) {
                    followers.put(NodeId.parse(follower.getId().getId().toStringUtf8()), matched[i]);
                }
            }
        }
        return followers;
    }

    /**
     * Gives the group other members; this server must lead it. Completes when the new ones have caught up and the change is
     * committed; a change that fails leaves the members as they were, or as they were to be.
     */
    public CompletableFuture<Void> setMembers(List<Peer> members) {
        List<RaftPeer> before = List.copyOf(division.getRaftConf().getCurrentPeers());
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setServersInNewConf(members.stream().map(Peer::toRaftPeer).toList())
                .setServersInCurrentConf(before)
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .build();
        try {
            return settled(server.setConfigurationAsync(
                    new SetConfigurationRequest(client, self, raftGroup, CallId.getAndIncrement(), arguments)));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(unavailable("can't change its members", e));
        }
    }

    /** Hands the leadership to another member; this server must lead. */
    public CompletableFuture<Void> transfer(NodeId to, Duration atMost) {
        try {
            return settled(server.transferLeadershipAsync(new TransferLeadershipRequest(
                    client, self, raftGroup, CallId.getAndIncrement(), Peer.idOf(to), atMost.toMillis())));
        } catch (IOException e) {
            return CompletableFuture.failedFuture(unavailable("can't change its leader", e));
        }
    }

    /** Hands the leadership to the member that is closest behind; completes at once if this server doesn't lead or is alone. */
    CompletableFuture<Void> handOver(Duration atMost) {
        return followers().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(next -> transfer(next.getKey(), atMost))
                .orElse(CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<Void> settled(CompletableFuture<RaftClientReply> reply) {
        return reply.handle((answer, failure) -> {
            Throwable why = failure != null ? unwrap(failure) : answer.getException();
            if (why != null) {
                throw new CompletionException(unavailable("didn't change", why));
            }
            return null;
        });
    }

    /** Whether the group's state is in this machine: each opening makes another. */
    boolean isOf(GroupStateMachine other) {
        return machine == other;
    }

    /** Ends the group on this server, the others go on. */
    void stop() throws InterruptedException {
        long deadline = System.nanoTime() + Limits.CLOSING_ITSELF.toNanos();
        while (machine.closesItself()
                && !division.getInfo().getLifeCycleState().isClosingOrClosed()
                && System.nanoTime() < deadline) {
            Thread.sleep(Limits.CLOSING_CHECKS);
        }
        division.close();
    }
}
