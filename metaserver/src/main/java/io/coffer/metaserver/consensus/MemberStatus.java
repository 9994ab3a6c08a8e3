package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A member of a group as its server sees the group.
 *
 * @param leads whether it leads, and can answer
 * @param leader as far as it knows
 * @param members by the group's own log, as far as it has that; none before it has heard of any
 * @param applied the last entry applied here; -1 for none
 * @param stable whether no change of members is under way, as far as it knows
 * @param lagging on the leader: members that can't be reached or lack more than a moment's entries
 */
public record MemberStatus(
        GroupId group,
        boolean leads,
        Optional<NodeId> leader,
        List<Peer> members,
        long applied,
        boolean stable,
        Set<NodeId> lagging) {
    public MemberStatus {
        members = List.copyOf(members);
        lagging = Set.copyOf(lagging);
    }

    /** Its members' nodes. */
    public List<NodeId> nodes() {
        return members.stream().map(Peer::node).toList();
    }
}
