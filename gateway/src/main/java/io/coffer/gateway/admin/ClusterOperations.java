package io.coffer.gateway.admin;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RepairStatus;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Nodes, disks, volumes and the cluster's state in the admin interface, one method for each line of its table. Thread-safe. */
final class ClusterOperations {
    private final AdminService.Parts parts;
    private final MetadataService metadata;
    private final InstantSource clock;
    private final long startedMillis;

    ClusterOperations(AdminService.Parts parts) {
        this.parts = parts;
        this.metadata = parts.metadata();
        this.clock = parts.clock();
        this.startedMillis = clock.millis();
    }

    // Nodes

    Object listNodes(AdminRequest request) throws RefusedException, S3Exception {
        return sorted(map().nodes().values(), ClusterJson.ListedNode::of, node -> node.role() + " " + node.name());
    }

    /** What is on it moves to others; it takes no new volumes. */
    @Nullable
    Object drainNode(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        metadata.tell(new SystemCommand.SetNodeDraining(node(request).id(), true));
        return null;
    }

    @Nullable
    Object undrainNode(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        metadata.tell(new SystemCommand.SetNodeDraining(node(request).id(), false));
        return null;
    }

    /** Of a node that nothing is on any more. */
    @Nullable
    Object removeNode(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        metadata.tell(new SystemCommand.RemoveNode(node(request).id()));
        return null;
    }

    private Node node(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String named = request.path().get(1);
        return map().nodes().values().stream()
                .filter(node ->
                        node.name().equals(named) || node.id().toString().equals(named))
                .findFirst()
                .orElseThrow(() -> new AdminException(404, "NoSuchNode", "there is no node '" + named + "'"));
    }

    // Metaservers

    Object listGroups(AdminRequest request) throws RefusedException, S3Exception {
        ClusterMap map = map();
        return AdminJson.Page.all(map.groups().values().stream()
                .sorted(Comparator.comparing(MetadataGroup::id))
                .map(group -> ClusterJson.ListedGroup.of(map, group))
                .toList());
    }

    /** Gives a metaserver a member of every group; the groups take it in by themselves. */
    @Nullable
    Object addMetaserver(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        NodeId added = metaserver(request).id();
        for (MetadataGroup group : map().groups().values()) {
            if (!group.members().contains(added)) {
                List<NodeId> members = new ArrayList<>(group.members());
                members.add(added);
                metadata.tell(new SystemCommand.SetGroup(new MetadataGroup(group.id(), members)));
            }
        }
        return null;
    }

    /** Takes a metaserver out of every group; with its last member a group would be lost. */
    @Nullable
    Object removeMetaserver(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        NodeId removed = metaserver(request).id();
        Collection<MetadataGroup> groups = map().groups().values();
        for (MetadataGroup group : groups) {
            if (group.members().equals(List.of(removed))) {
                throw new AdminException(
                        409,
                        "InUse",
                        "it is the only member of group " + group.id().value());
            }
        }
        for (MetadataGroup group : groups) {
            if (group.members().contains(removed)) {
                List<NodeId> members = new ArrayList<>(group.members());
                members.remove(removed);
                metadata.tell(new SystemCommand.SetGroup(new MetadataGroup(group.id(), members)));
            }
        }
        return null;
    }

    private Node metaserver(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        Node node = node(request);
        if (node.role() != Node.Role.METASERVER) {
            throw AdminException.invalid(node.label() + " is no metaserver");
        }
        return node;
    }

    // Disks and volumes

    Object listDisks(AdminRequest request) throws RefusedException, S3Exception {
        ClusterMap map = map();
        return sorted(
                map.disks().values(),
                disk -> ClusterJson.ListedDisk.of(map, disk),
                disk -> disk.node() + " " + disk.path());
    }

    /** Of a disk that is lost for good and that no volume uses any more. */
    @Nullable
    Object removeDisk(AdminRequest request) throws AdminException, RefusedException, S3Exception {
        String named = request.path().get(1);
        DiskId id = map().disks().keySet().stream()
                .filter(disk -> disk.toString().equals(named))
                .findFirst()
                .orElseThrow(() -> new AdminException(404, "NoSuchDisk", "there is no disk '" + named + "'"));
        metadata.tell(new SystemCommand.RemoveDisk(id));
        return null;
    }

    Object listVolumes(AdminRequest request) throws RefusedException, S3Exception {
        ClusterMap map = map();
        return AdminJson.Page.all(map.volumes().values().stream()
                .sorted(Comparator.comparing(Volume::id))
                .map(volume -> ClusterJson.ListedVolume.of(map, volume))
                .toList());
    }

    private static <A, B> AdminJson.Page<B> sorted(
            Collection<A> values, Function<A, B> toJson, Function<B, String> order) {
        return AdminJson.Page.all(
                values.stream().map(toJson).sorted(Comparator.comparing(order)).toList());
    }

    // The whole

    /** How whole the volumes are. */
    Object repairStatus(AdminRequest request) throws RefusedException, S3Exception {
        return RepairJson.of(map(), clock.millis());
    }

    Object status(AdminRequest request) throws RefusedException, S3Exception {
        ClusterMap map = map();
        ClusterId cluster = metadata.ask(new SystemQuery.GetClusterId()).cluster();
        String notReady = parts.readiness().get().orElse("");
        return new ClusterJson.Status(
                parts.version(),
                cluster == null ? "" : cluster.toString(),
                notReady.isEmpty(),
                notReady,
                Redundancy.of(
                                map,
                                RepairStatus.of(map),
                                metadata.silent(map.groups().keySet()))
                        .name(),
                (clock.millis() - startedMillis) / 1000,
                map.nodes().size(),
                count(map.nodes().values(), node -> node.state() != Node.State.UP),
                count(map.disks().values(), disk -> disk.state() == Disk.State.HEALTHY),
                count(map.disks().values(), disk -> disk.state() == Disk.State.READ_ONLY),
                count(map.disks().values(), disk -> disk.state() == Disk.State.FAILED),
                map.volumes().size(),
                count(map.volumes().values(), volume -> volume.state() == Volume.State.OPEN),
                count(map.volumes().values(), volume -> isDegraded(map, volume)),
                map.disks().values().stream().mapToLong(Disk::totalBytes).sum(),
                map.disks().values().stream().mapToLong(Disk::freeBytes).sum());
    }

    private static <T> int count(Collection<T> values, java.util.function.Predicate<T> which) {
        return (int) values.stream().filter(which).count();
    }

    /** Whether a member is behind, or can't be reached. */
    private static boolean isDegraded(ClusterMap map, Volume volume) {
        for (Member member : volume.members()) {
            Node node = map.nodes().get(member.node());
            Disk disk = map.disks().get(member.disk());
            if (!member.isCurrent()
                    || node == null
                    || node.state() != Node.State.UP
                    || disk == null
                    || disk.state() == Disk.State.FAILED) {
                return true;
            }
        }
        return false;
    }

    private ClusterMap map() throws RefusedException, S3Exception {
        return metadata.ask(new SystemQuery.GetClusterMap()).map();
    }
}
