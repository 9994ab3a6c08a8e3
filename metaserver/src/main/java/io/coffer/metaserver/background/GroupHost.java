package io.coffer.metaserver.background;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.Peer;
import java.util.List;

/** A metaserver with its members of groups, this process or another. Calls wait for the answer. Thread-safe. */
public interface GroupHost {
    /**
     * How it is.
     *
     * @param members what it hosts
     * @param tight whether it has so little room that it refuses what adds something to a group that it leads
     */
    record Status(List<MemberStatus> members, boolean tight) {
        public Status {
            members = List.copyOf(members);
        }
    }

    Status status() throws MetadataUnavailableException, InterruptedException;

    /**
     * Opens a member of a group; nothing happens when it is open.
     *
     * @param found whether the group is new, and this is its only member
     */
    void host(GroupId group, boolean found) throws MetadataUnavailableException, InterruptedException;

    /** Ends a member of a group and deletes what it stored. */
    void drop(GroupId group) throws MetadataUnavailableException, InterruptedException;

    /** Gives a group that it leads other members; waits until the new ones have caught up, or as long as it likes to. */
    void setMembers(GroupId group, List<Peer> members) throws MetadataUnavailableException, InterruptedException;

    /** Hands a group that it leads to another member. */
    void transfer(GroupId group, NodeId to) throws MetadataUnavailableException, InterruptedException;

    /** All metaservers. */
    @FunctionalInterface
    interface All {
        GroupHost of(Node metaserver);
    }
}
