package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.command.Proposer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.ratis.client.impl.OrderedAsync;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.rpc.CallId;
import org.apache.ratis.server.RaftServer;

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
    public Optional<String> leader() {
        return Optional.ofNullable(division.getInfo().getLeaderId()).map(RaftPeerId::toString);
    }

    /** Why the group can't go on on this server; empty while it can. */
    public Optional<Throwable> failure() {
        return machine.failure();
    }

    /** The last entry applied here. */
    public long appliedIndex() {
        return machine.getLastAppliedTermIndex().getIndex();
    }

    @Override
    public CompletableFuture<List<Outcome>> propose(ByteBuffer batch) {
        Proposal proposal = new Proposal(batch);
        try {
            requests.submitClientRequestAsync(request(proposal, RaftClientRequest.writeRequestType()))
                    .whenComplete((reply, failure) -> ended(proposal, reply, failure));
        } catch (IOException | RuntimeException e) {
            proposal.unavailable("group " + group.value() + " takes no proposals on this server", e);
        }
        return proposal.outcomes();
    }

    /** Either it was applied and has its outcomes already, or nobody here knows what becomes of it. */
    private void ended(Proposal proposal, RaftClientReply reply, Throwable failure) {
        Throwable why = failure != null ? unwrap(failure) : reply.getException();
        proposal.unavailable(message(why), why);
    }

    private String message(Throwable why) {
        if (why instanceof NotLeaderException other) {
            return "this server doesn't lead group " + group.value() + "; suggested leader: "
                    + (other.getSuggestedLeader() == null
                            ? "unknown"
                            : other.getSuggestedLeader().getId());
        }
        return "group " + group.value() + " did not take the proposal";
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
                            throw new CompletionException(new MetadataUnavailableException(
                                    "group " + group.value() + " can't confirm its leader", why));
                        }
                        return null;
                    });
        } catch (IOException | RuntimeException e) {
            return CompletableFuture.failedFuture(
                    new MetadataUnavailableException("group " + group.value() + " answers no reads on this server", e));
        }
    }

    /** Answers on the caller's thread from what is applied here. Call it when {@link #readable} has completed. */
    public <R extends Reply> R answer(Query<R> query) throws RefusedException, MetadataUnavailableException {
        return machine.answer(query);
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

    /** Ends the group on this server, the others go on. */
    void stop() {
        division.close();
    }
}
