package io.coffer.gateway.admin;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.JoinToken;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** The documents of the admin interface about nodes, disks and volumes, as {@code docs/operations/admin-api.md} describes them. */
final class ClusterJson {
    private ClusterJson() {}

    /** @param draining what an operator wants */
    record ListedNode(
            String nodeId, String name, String role, String state, boolean draining, String location, String address) {
        static ListedNode of(Node node) {
            return new ListedNode(
                    node.id().toString(),
                    node.name(),
                    roleName(node.role()),
                    node.state().name(),
                    node.draining(),
                    node.location(),
                    node.address());
        }
    }

    record CreatedToken(String token, String id, String role, String expires) {
        @Override
        public String toString() {
            return "CreatedToken[" + id + "]";
        }
    }

    /**
     * @param state {@code OPEN}, {@code USED} or {@code EXPIRED}
     * @param nodeId who used it; empty while nobody has
     */
    record ListedToken(String id, String role, String state, String nodeId, String expires) {
        static ListedToken of(JoinToken token, long nowMillis) {
            NodeId user = token.node();
            String state = user != null ? "USED" : token.expiresMillis() <= nowMillis ? "EXPIRED" : "OPEN";
            return new ListedToken(
                    token.id(),
                    roleName(token.role()),
                    state,
                    user == null ? "" : user.toString(),
                    time(token.expiresMillis()));
        }
    }

    /**
     * @param leader the preferred one
     * @param behind members that aren't taken in yet or lack much of the log
     */
    record ListedGroup(String groupId, String kind, String leader, List<String> members, List<String> behind) {
        static ListedGroup of(ClusterMap map, MetadataGroup group) {
            List<String> members = names(map, group.members());
            return new ListedGroup(
                    Integer.toString(group.id().value()),
                    group.id().isSystem() ? "system" : "buckets",
                    members.getFirst(),
                    members,
                    names(map, group.behind()));
        }

        private static List<String> names(ClusterMap map, List<NodeId> nodes) {
            return nodes.stream().map(id -> name(map, id)).toList();
        }
    }

    record ListedDisk(
            String diskId, String nodeId, String node, String path, String state, long totalBytes, long freeBytes) {
        static ListedDisk of(ClusterMap map, Disk disk) {
            return new ListedDisk(
                    disk.id().toString(),
                    disk.node().toString(),
                    name(map, disk.node()),
                    disk.path(),
                    disk.state().name(),
                    disk.totalBytes(),
                    disk.freeBytes());
        }
    }

    /** @param behind members that may miss chunks */
    record ListedVolume(
            String volumeId,
            long epoch,
            String policy,
            String scheme,
            String state,
            int behind,
            List<VolumeMember> members) {
        /** @param behindSince from when on it may miss chunks; empty when it has them all */
        record VolumeMember(String nodeId, String node, String diskId, String behindSince) {}

        static ListedVolume of(ClusterMap map, Volume volume) {
            return new ListedVolume(
                    Long.toString(volume.id().value()),
                    volume.epoch(),
                    volume.policy(),
                    volume.scheme().toString(),
                    volume.state().name(),
                    (int) volume.members().stream()
                            .filter(member -> !member.isCurrent())
                            .count(),
                    volume.members().stream().map(member -> of(map, member)).toList());
        }

        private static VolumeMember of(ClusterMap map, Member member) {
            return new VolumeMember(
                    member.node().toString(),
                    name(map, member.node()),
                    member.disk().toString(),
                    member.isCurrent()
                            ? ""
                            : Instant.ofEpochMilli(member.behindSinceMillis()).toString());
        }
    }

    /**
     * The state of the cluster.
     *
     * @param redundancy {@link Redundancy} of volumes and metadata groups
     * @param notReady why it can't serve; empty when it can
     */
    record Status(
            String version,
            String clusterId,
            boolean ready,
            String notReady,
            String redundancy,
            long uptimeSeconds,
            int nodes,
            int nodesDown,
            int healthyDisks,
            int readOnlyDisks,
            int failedDisks,
            int volumes,
            int openVolumes,
            int degradedVolumes,
            long totalBytes,
            long freeBytes) {}

    static String roleName(Node.Role role) {
        return role.name().toLowerCase(Locale.ROOT);
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    /** What to call a node, whether it is on the map or not. */
    static String name(ClusterMap map, NodeId id) {
        Node node = map.nodes().get(id);
        return node == null ? id.toString() : node.label();
    }
}
