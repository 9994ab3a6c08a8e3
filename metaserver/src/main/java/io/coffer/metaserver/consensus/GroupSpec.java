package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.List;

/**
 * A group and its first members. Once a group has a log, the members in it count.
 *
 * @param peers the same on every one of them, this server included
 */
public record GroupSpec(GroupId group, List<Peer> peers) {
    public GroupSpec {
        peers = List.copyOf(peers);
        if (peers.isEmpty()) {
            throw new IllegalArgumentException("group " + group.value() + " has no peers");
        }
    }

    /** A group whose only member is this server. */
    public static GroupSpec alone(GroupId group, NodeId self) {
        return new GroupSpec(group, List.of(new Peer(self, "", 0)));
    }

    boolean isAlone() {
        return peers.size() == 1;
    }
}
