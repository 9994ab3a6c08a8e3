package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Nodes, disks and volumes at one revision of the system group. Immutable. */
public record ClusterMap(
        long revision, Map<NodeId, Node> nodes, Map<DiskId, Disk> disks, Map<VolumeId, Volume> volumes) {
    public static final ClusterMap EMPTY = new ClusterMap(0, Map.of(), Map.of(), Map.of());

    public ClusterMap {
        nodes = Map.copyOf(nodes);
        disks = Map.copyOf(disks);
        volumes = Map.copyOf(volumes);
    }

    public static ClusterMap of(long revision, List<Node> nodes, List<Disk> disks, List<Volume> volumes) {
        return new ClusterMap(
                revision,
                nodes.stream().collect(Collectors.toMap(Node::id, Function.identity())),
                disks.stream().collect(Collectors.toMap(Disk::id, Function.identity())),
                volumes.stream().collect(Collectors.toMap(Volume::id, Function.identity())));
    }
}
