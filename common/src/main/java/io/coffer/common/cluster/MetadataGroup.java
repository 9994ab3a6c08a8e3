package io.coffer.common.cluster;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.Collection;
import java.util.List;

/**
 * A Raft group of metadata and the metaservers that should have a member of it, the one that should lead first. The group's own
 * log has the last word on who its members are; this is where callers look for it, and what membership changes work towards.
 *
 * @param founding whether its only member may still have to make it; afterwards nobody ever makes it again, as a second one under
 *     the same name would start empty
 * @param behind members that aren't taken in yet or lack much of the log: until they have it, they can stand in for nobody
 */
public record MetadataGroup(GroupId id, List<NodeId> members, boolean founding, List<NodeId> behind) {
    /** What a group grows to where there are so many metaservers: two may be lost one after the other, one at a time without a stop. */
    public static final int FULL_SIZE = 3;

    public MetadataGroup {
        members = List.copyOf(members);
        behind = List.copyOf(behind);
    }

    public MetadataGroup(GroupId id, List<NodeId> members, boolean founding) {
        this(id, members, founding, List.of());
    }

    /** A group that exists. */
    public MetadataGroup(GroupId id, List<NodeId> members) {
        this(id, members, false);
    }

    /** The same with those of its members behind that are among some nodes. */
    public MetadataGroup withBehind(Collection<NodeId> nodes) {
        return new MetadataGroup(
                id, members, founding, members.stream().filter(nodes::contains).toList());
    }
}
