package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Which metaservers should have which groups: pure. Every group grows to three members as metaservers come, and the leaders are spread
 * over its members. Members that are away stay: whether one is replaced is for an operator to say.
 */
final class GroupPlan {
    private final ClusterMap map;
    private final int bucketGroups;

    GroupPlan(ClusterMap map, int bucketGroups) {
        this.map = map;
        this.bucketGroups = bucketGroups;
    }

    /** The next change of intent; empty when all is as it should be, or nobody is there to make it so. */
    Optional<MetadataGroup> next() {
        for (MetadataGroup group : groups()) {
            Optional<NodeId> more = group.founding() || group.members().size() >= MetadataGroup.FULL_SIZE
                    ? Optional.empty()
                    : least(node -> !group.members().contains(node.id()), this::memberships);
            if (more.isPresent()) {
                List<NodeId> members = new ArrayList<>(group.members());
                members.add(more.get());
                return Optional.of(new MetadataGroup(group.id(), members));
            }
        }
        for (int i = 1; i <= bucketGroups; i++) {
            GroupId group = new GroupId(i);
            if (!map.groups().containsKey(group)) {
                return least(node -> true, this::firsts).map(node -> new MetadataGroup(group, List.of(node), true));
            }
        }
        return spread();
    }

    /**
     * Lets a member lead that should lead at least two groups fewer than the one that leads now; not before all groups exist. The system
     * group's leader moves last: it is the one that does all this, and who knows of everybody's heartbeats.
     */
    private Optional<MetadataGroup> spread() {
        if (groups().stream().anyMatch(MetadataGroup::founding)) {
            return Optional.empty();
        }
        for (MetadataGroup group : groups().reversed()) {
            long most = firsts(group.members().getFirst());
            Optional<NodeId> leader = least(node -> group.members().contains(node.id()), this::firsts)
                    .filter(node -> firsts(node) + 1 < most);
            if (leader.isPresent()) {
                List<NodeId> members = new ArrayList<>(group.members());
                members.remove(leader.get());
                members.addFirst(leader.get());
                return Optional.of(new MetadataGroup(group.id(), members));
            }
        }
        return Optional.empty();
    }

    private List<MetadataGroup> groups() {
        return map.groups().values().stream()
                .sorted(Comparator.comparing(MetadataGroup::id))
                .toList();
    }

    private Optional<NodeId> least(Predicate<Node> eligible, ToLongFunction<NodeId> load) {
        return map.nodes().values().stream()
                .filter(node -> node.role() == Node.Role.METASERVER
                        && node.state() == Node.State.UP
                        && !node.draining()
                        && !node.peerAddress().isEmpty())
                .filter(eligible)
                .map(Node::id)
                .min(Comparator.comparingLong(load).thenComparing(NodeId::value));
    }

    private long memberships(NodeId node) {
        return map.groups().values().stream()
                .filter(group -> group.members().contains(node))
                .count();
    }

    private long firsts(NodeId node) {
        return map.groups().values().stream()
                .filter(group ->
                        !group.members().isEmpty() && group.members().getFirst().equals(node))
                .count();
    }
}
