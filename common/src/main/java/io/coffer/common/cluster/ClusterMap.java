package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Nodes, disks, volumes and metadata groups at one revision of the system group. Immutable.
 *
 * @param removed nodes that were of the cluster and are none any more; no node is in both
 */
public record ClusterMap(
        long revision,
        Map<NodeId, Node> nodes,
        Map<DiskId, Disk> disks,
        Map<VolumeId, Volume> volumes,
        Map<GroupId, MetadataGroup> groups,
        Map<NodeId, RemovedNode> removed) {
    public static final ClusterMap EMPTY = new ClusterMap(0, Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

    public ClusterMap {
        nodes = Map.copyOf(nodes);
        disks = Map.copyOf(disks);
        volumes = Map.copyOf(volumes);
        groups = Map.copyOf(groups);
        removed = Map.copyOf(removed);
    }

    /** A map without metadata groups. */
    public static ClusterMap of(long revision, List<Node> nodes, List<Disk> disks, List<Volume> volumes) {
        return of(revision, nodes, disks, volumes, List.of());
    }

    /** A map without removed nodes. */
    public static ClusterMap of(
            long revision, List<Node> nodes, List<Disk> disks, List<Volume> volumes, List<MetadataGroup> groups) {
        return of(revision, nodes, disks, volumes, groups, List.of());
    }

    public static ClusterMap of(
            long revision,
            List<Node> nodes,
            List<Disk> disks,
            List<Volume> volumes,
            List<MetadataGroup> groups,
            List<RemovedNode> removed) {
        return new ClusterMap(
                revision,
                nodes.stream().collect(Collectors.toMap(Node::id, Function.identity())),
                disks.stream().collect(Collectors.toMap(Disk::id, Function.identity())),
                volumes.stream().collect(Collectors.toMap(Volume::id, Function.identity())),
                groups.stream().collect(Collectors.toMap(MetadataGroup::id, Function.identity())),
                removed.stream().collect(Collectors.toMap(RemovedNode::id, Function.identity())));
    }
}
