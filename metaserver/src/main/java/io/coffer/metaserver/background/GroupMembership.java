package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand.SetGroup;
import io.coffer.common.metadata.SystemCommand.SetGroupBehind;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.Peer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works towards the members that the cluster map intends for the metadata groups, on the system group's leader: founds groups, takes
 * one member in or out at a time, a new one before an old one goes, and moves leaders to where they should be. A group is founded
 * only while the map says so, by the one member it has then; whoever joins later starts empty and is taken in by the others.
 *
 * <p>A member that answers but has nothing of the group any more, because it lost its disk, must not vote as who it was: it is let go, and
 * taken in again like any other.
 */
final class GroupMembership implements Step {
    private static final Logger LOG = LoggerFactory.getLogger(GroupMembership.class);

    private final Calls calls;
    private final Groups groups;
    private final GroupHost.All hosts;
    private final int bucketGroups;

    /** Groups whose leader should move, as of the last run: once more, and it does. */
    private Set<GroupId> misled = Set.of();

    /** Groups with a member that has nothing of them, as of the last run: once more, and it is let go. */
    private Set<GroupId> lost = Set.of();

    /** Who was behind in each group whose leader told, as of the last run: once more, and the map says so. */
    private Map<GroupId, Set<NodeId>> behind = Map.of();

    GroupMembership(Calls calls, Groups groups, GroupHost.All hosts, int bucketGroups) {
        this.calls = calls;
        this.groups = groups;
        this.hosts = hosts;
        this.bucketGroups = bucketGroups;
    }

    @Override
    public Progress run() throws MetadataUnavailableException, RefusedException, InterruptedException {
        if (!groups.leads(GroupId.SYSTEM)) {
            return Progress.DONE;
        }
        ClusterMap map = calls.map();
        Optional<MetadataGroup> intent = new GroupPlan(map, bucketGroups).next();
        if (intent.isPresent()) {
            LOG.info(
                    "metadata group {} gets members {}",
                    intent.get().id().value(),
                    intent.get().members());
            intend(map, intent.get());
            map = calls.map();
        }
        Look look = look(map);
        Set<GroupId> nowMisled = new HashSet<>();
        Set<GroupId> nowLost = new HashSet<>();
        Map<GroupId, Set<NodeId>> nowBehind = new HashMap<>();
        boolean more = intent.isPresent();
        for (MetadataGroup group : map.groups().values()) {
            try {
                more |= work(group, look, nowMisled, nowLost);
                note(group, look, nowBehind);
            } catch (MetadataUnavailableException e) {
                LOG.debug("metadata group {} waits: {}", group.id().value(), e.getMessage());
            }
        }
        misled = nowMisled;
        lost = nowLost;
        behind = nowBehind;
        return more ? Progress.MORE : Progress.DONE;
    }

    /** Unless an operator has changed the members meanwhile: then the next run plans again. */
    private void intend(ClusterMap map, MetadataGroup intent)
            throws MetadataUnavailableException, InterruptedException {
        MetadataGroup before = map.groups().get(intent.id());
        try {
            calls.tell(GroupId.SYSTEM, new SetGroup(intent, before == null ? List.of() : before.members()));
        } catch (RefusedException e) {
            LOG.debug("metadata group {} is planned again: {}", intent.id().value(), e.getMessage());
        }
    }

    /** What the metaservers that answer host. */
    private record Look(ClusterMap map, Map<NodeId, GroupHost.Status> hosted) {
        Optional<MemberStatus> leader(GroupId group) {
            return hosted.values().stream()
                    .flatMap(status -> status.members().stream())
                    .filter(status -> status.group().equals(group) && status.leads())
                    .findFirst();
        }

        boolean isThere(NodeId node) {
            return hosted.containsKey(node);
        }

        boolean isTight(NodeId node) {
            GroupHost.Status there = hosted.get(node);
            return there != null && there.tight();
        }

        /** Whether a metaserver answers, and has nothing of a group. */
        boolean lacks(NodeId node, GroupId group) {
            GroupHost.Status there = hosted.get(node);
            return there != null
                    && there.members().stream()
                            .noneMatch(status -> status.group().equals(group));
        }
    }

    private Look look(ClusterMap map) throws InterruptedException {
        Map<NodeId, GroupHost.Status> hosted = new HashMap<>();
        for (Node node : map.nodes().values()) {
            if (node.role() == Node.Role.METASERVER && node.state() == Node.State.UP) {
                try {
                    hosted.put(node.id(), hosts.of(node).status());
                } catch (MetadataUnavailableException e) {
                    LOG.debug("metaserver {} doesn't say what it hosts: {}", node.label(), e.getMessage());
                }
            }
        }
        return new Look(map, hosted);
    }

    /** One move at most; true if there was one. */
    private boolean work(MetadataGroup group, Look look, Set<GroupId> nowMisled, Set<GroupId> nowLost)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        Optional<MemberStatus> leader = look.leader(group.id());
        if (group.founding()) {
            return found(group, look, leader);
        }
        if (leader.isEmpty() || leader.get().leader().isEmpty() || !leader.get().stable()) {
            return false;
        }
        List<NodeId> current = leader.get().nodes();
        for (NodeId wanted : group.members()) {
            if (!current.contains(wanted)) {
                return look.isThere(wanted) && takeIn(group, look, leader.get(), wanted);
            }
            if (look.lacks(wanted, group.id())) {
                return giveUp(group, look, leader.get(), wanted, nowLost);
            }
        }
        for (NodeId node : current) {
            if (!group.members().contains(node)) {
                return letGo(group, look, leader.get(), node);
            }
        }
        return cleanUp(group, look) || lead(group, look, leader.get(), nowMisled);
    }

    private boolean found(MetadataGroup group, Look look, Optional<MemberStatus> leader)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        NodeId founder = group.members().getFirst();
        if (leader.isPresent()) {
            calls.tell(GroupId.SYSTEM, new SetGroup(new MetadataGroup(group.id(), group.members()), group.members()));
            return true;
        }
        if (!look.isThere(founder)) {
            return false;
        }
        host(look, founder).host(group.id(), true);
        return true;
    }

    private boolean takeIn(MetadataGroup group, Look look, MemberStatus leader, NodeId node)
            throws MetadataUnavailableException, InterruptedException {
        LOG.info("metadata group {} takes {} in", group.id().value(), node);
        host(look, node).host(group.id(), false);
        List<Peer> members = new ArrayList<>(leader.members());
        members.add(new Peer(node, require(look, node).peerAddress()));
        host(look, leader.leader().orElseThrow()).setMembers(group.id(), members);
        return true;
    }

    /** It stays intended, so the next run takes it in. */
    private boolean giveUp(MetadataGroup group, Look look, MemberStatus leader, NodeId node, Set<GroupId> nowLost)
            throws MetadataUnavailableException, InterruptedException {
        if (!lost.contains(group.id())) {
            nowLost.add(group.id());
            return false;
        }
        LOG.warn(
                "metaserver {} has lost what it had of metadata group {}",
                node,
                group.id().value());
        return letGo(group, look, leader, node);
    }

    private boolean letGo(MetadataGroup group, Look look, MemberStatus leader, NodeId node)
            throws MetadataUnavailableException, InterruptedException {
        NodeId leading = leader.leader().orElseThrow();
        if (node.equals(leading)) {
            Optional<NodeId> heir = group.members().stream()
                    .filter(member -> look.isThere(member) && !leader.lagging().contains(member))
                    .findFirst();
            if (heir.isPresent()) {
                host(look, leading).transfer(group.id(), heir.get());
            }
            return heir.isPresent();
        }
        LOG.info("metadata group {} lets {} go", group.id().value(), node);
        host(look, leading)
                .setMembers(
                        group.id(),
                        leader.members().stream()
                                .filter(peer -> !peer.node().equals(node))
                                .toList());
        return true;
    }

    /** Servers that have what was a member of the group once. */
    private boolean cleanUp(MetadataGroup group, Look look) throws MetadataUnavailableException, InterruptedException {
        for (Map.Entry<NodeId, GroupHost.Status> server : look.hosted().entrySet()) {
            boolean hosts = server.getValue().members().stream()
                    .anyMatch(status -> status.group().equals(group.id()));
            if (hosts && !group.members().contains(server.getKey())) {
                LOG.info(
                        "metaserver {} drops what it has of metadata group {}",
                        server.getKey(),
                        group.id().value());
                host(look, server.getKey()).drop(group.id());
                return true;
            }
        }
        return false;
    }

    /**
     * Moves the leader to where it should be, if that has been so for a while. One without room refuses what others could take: it is moved
     * at once, and none is moved there.
     */
    private boolean lead(MetadataGroup group, Look look, MemberStatus leader, Set<GroupId> nowMisled)
            throws MetadataUnavailableException, InterruptedException {
        NodeId leading = leader.leader().orElseThrow();
        Optional<NodeId> able = group.members().stream()
                .filter(member -> look.isThere(member)
                        && !look.isTight(member)
                        && !leader.lagging().contains(member))
                .findFirst();
        if (able.isEmpty() || able.get().equals(leading)) {
            return false;
        }
        if (!look.isTight(leading)) {
            if (!able.get().equals(group.members().getFirst())) {
                return false;
            }
            if (!misled.contains(group.id())) {
                nowMisled.add(group.id());
                return false;
            }
        }
        host(look, leading).transfer(group.id(), able.get());
        return true;
    }

    /** Has the map say which members are behind: that they are if it lasts, that they aren't any more at once. */
    private void note(MetadataGroup group, Look look, Map<GroupId, Set<NodeId>> nowBehind)
            throws MetadataUnavailableException, RefusedException, InterruptedException {
        Optional<MemberStatus> leader = look.leader(group.id());
        if (leader.isEmpty()) {
            return;
        }
        Set<NodeId> now = new HashSet<>(group.members());
        now.removeIf(member ->
                leader.get().nodes().contains(member) && !leader.get().lagging().contains(member));
        nowBehind.put(group.id(), now);
        boolean lasts = group.behind().containsAll(now) || now.equals(behind.get(group.id()));
        if (lasts && !now.equals(Set.copyOf(group.behind()))) {
            calls.tell(GroupId.SYSTEM, new SetGroupBehind(group.id(), List.copyOf(now)));
        }
    }

    private GroupHost host(Look look, NodeId node) throws MetadataUnavailableException {
        return hosts.of(require(look, node));
    }

    private static Node require(Look look, NodeId node) throws MetadataUnavailableException {
        Node known = look.map().nodes().get(node);
        if (known == null) {
            throw new MetadataUnavailableException("metaserver " + node + " is not on the map", null);
        }
        return known;
    }
}
