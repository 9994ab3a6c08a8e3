package io.coffer.metaserver;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.metaserver.background.GroupHost;
import io.coffer.metaserver.consensus.ConsensusGroup;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** This process' members of groups, and the changes that other metaservers ask for. */
final class LocalGroupHost implements GroupHost {
    private static final Duration MEMBERS_CHANGE = Duration.ofSeconds(60);
    private static final Duration TRANSFER = Duration.ofSeconds(2);

    private final RaftNode raft;
    private final GroupMembers members;
    private final MetadataSpace space;
    private final Peer self;

    LocalGroupHost(RaftNode raft, GroupMembers members, MetadataSpace space, Peer self) {
        this.raft = raft;
        this.members = members;
        this.space = space;
        this.self = self;
    }

    @Override
    public Status status() {
        return new Status(raft.groups().stream().map(ConsensusGroup::status).toList(), space.isTight());
    }

    @Override
    public void host(GroupId group, boolean found) throws MetadataUnavailableException {
        try {
            members.add(raft.host(found ? new GroupSpec(group, List.of(self)) : GroupSpec.joining(group)));
        } catch (IOException e) {
            throw new MetadataUnavailableException("can't open group " + group.value(), e);
        }
    }

    @Override
    public void drop(GroupId group) throws MetadataUnavailableException {
        members.remove(group);
        try {
            if (raft.group(group).isPresent()) {
                raft.remove(group);
            }
        } catch (IOException e) {
            throw new MetadataUnavailableException("can't remove group " + group.value(), e);
        }
    }

    @Override
    public void setMembers(GroupId group, List<Peer> peers) throws MetadataUnavailableException, InterruptedException {
        await(require(group).setMembers(peers), MEMBERS_CHANGE);
    }

    @Override
    public void transfer(GroupId group, NodeId to) throws MetadataUnavailableException, InterruptedException {
        await(require(group).transfer(to, TRANSFER), TRANSFER.multipliedBy(2));
    }

    private ConsensusGroup require(GroupId group) throws MetadataUnavailableException {
        return raft.group(group)
                .orElseThrow(() ->
                        MetadataUnavailableException.notHere("group " + group.value() + " is not on this server"));
    }

    private static void await(CompletableFuture<Void> change, Duration atMost)
            throws MetadataUnavailableException, InterruptedException {
        try {
            change.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof MetadataUnavailableException known
                    ? known
                    : new MetadataUnavailableException("the change failed", e.getCause());
        } catch (TimeoutException e) {
            throw new MetadataUnavailableException("the change is still under way", e);
        }
    }
}
