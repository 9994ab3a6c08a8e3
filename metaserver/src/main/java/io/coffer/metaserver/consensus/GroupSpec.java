package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.List;

/**
 * A group and its first members. Once a group has a log, the members in it count.
 *
 * @param peers the same on every one of them, this server included; none on a server that is to be taken in by the members
 */
public record GroupSpec(GroupId group, List<Peer> peers) {
    public GroupSpec {
        peers = List.copyOf(peers);
    }

    /** A group whose only member is this server. */
    public static GroupSpec alone(GroupId group, NodeId self) {
        return new GroupSpec(group, List.of(new Peer(self, "", 0)));
    }

    /** A group of other servers, which will take this one in. */
    public static GroupSpec joining(GroupId group) {
        return new GroupSpec(group, List.of());
    }
}
