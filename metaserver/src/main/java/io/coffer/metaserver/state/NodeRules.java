package io.coffer.metaserver.state;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.RemoveDisk;
import io.coffer.common.metadata.SystemCommand.RemoveNode;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.metadata.SystemCommand.SetGroup;
import io.coffer.common.metadata.SystemCommand.SetGroupBehind;
import io.coffer.common.metadata.SystemCommand.SetNodeDraining;
import io.coffer.common.metadata.SystemCommand.SetNodeState;
import io.coffer.metaserver.model.DiskReport;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Nodes, their disks, and the groups of metaservers. Invariants: a disk's node is in the map; names of nodes are unique; what a
 * volume or group names can't be removed; a node that was removed never comes back. What is kept of it is a row of some forty bytes, for
 * ever: its certificate may be valid for longer than any clock says, behind each stands a token and a command of an operator, and a hundred
 * thousand of them are four megabytes.
 */
final class NodeRules {
    private NodeRules() {}

    static Reply registerNode(Transaction tx, RegisterNode c) throws RefusedException {
        Node wanted = c.node();
        refuseRemoved(tx, wanted.id());
        Node existing = tx.get(Tables.NODES, Keys.node(wanted.id()));
        if (existing != null && existing.role() != wanted.role()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the node was a " + existing.role());
        }
        if (!wanted.name().isEmpty() && isNameTaken(tx, wanted)) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "another node is called " + wanted.name());
        }
        boolean draining = existing != null && existing.draining();
        put(tx, wanted.withState(Node.State.UP).withDraining(draining));
        return Reply.DONE;
    }

    /** Also a node that joins again asks here: its certificate would be of no use. */
    static void refuseRemoved(Transaction tx, NodeId node) throws RefusedException {
        if (tx.get(Tables.REMOVED_NODES, Keys.removedNode(node)) != null) {
            throw new RefusedException(Refusal.NODE_REMOVED, "node " + node + " was removed from the cluster");
        }
    }

    private static boolean isNameTaken(Transaction tx, Node wanted) {
        return MapRows.all(tx, Tables.NODES, 'n').stream()
                .anyMatch(
                        node -> node.name().equals(wanted.name()) && !node.id().equals(wanted.id()));
    }

    static Reply setState(Transaction tx, SetNodeState c) throws RefusedException {
        put(tx, require(tx, c.node()).withState(c.state()));
        return Reply.DONE;
    }

    static Reply setDraining(Transaction tx, SetNodeDraining c) throws RefusedException {
        put(tx, require(tx, c.node()).withDraining(c.draining()));
        return Reply.DONE;
    }

    static Reply removeNode(Transaction tx, Stamp stamp, RemoveNode c) throws RefusedException {
        require(tx, c.node());
        requireUnused(tx, place -> place.node().equals(c.node()));
        for (MetadataGroup group : MapRows.all(tx, Tables.GROUPS, 'g')) {
            if (group.members().contains(c.node())) {
                throw new RefusedException(
                        Refusal.NODE_IN_USE, "metadata group " + group.id().value());
            }
        }
        for (Disk disk : MapRows.all(tx, Tables.DISKS, 'd')) {
            if (disk.node().equals(c.node())) {
                removeDisk(tx, disk.id());
            }
        }
        MapRows.delete(tx, Tables.NODES, Keys.node(c.node()));
        MapRows.put(tx, Tables.REMOVED_NODES, Keys.removedNode(c.node()), new RemovedNode(c.node(), stamp.nowMillis()));
        return Reply.DONE;
    }

    static Reply registerDisk(Transaction tx, Stamp stamp, RegisterDisk c) throws RefusedException {
        Disk disk = c.disk();
        if (tx.get(Tables.NODES, Keys.node(disk.node())) == null) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the disk's node is not registered");
        }
        Disk existing = tx.get(Tables.DISKS, Keys.disk(disk.id()));
        if (existing != null && !existing.node().equals(disk.node())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the disk belongs to another node");
        }
        put(tx, disk);
        if (existing != null) {
            DiskReport report = tx.get(Tables.DISK_REPORTS, Keys.diskReport(disk.id()));
            VolumeRules.markBehind(tx, disk.id(), missingSince(report, c.sequence()));
        }
        // From here on it is what it is now: an old image that was noticed isn't one for ever.
        tx.put(Tables.DISK_REPORTS, Keys.diskReport(disk.id()), new DiskReport(c.sequence(), stamp.nowMillis()));
        return Reply.DONE;
    }

    /** Since when a disk that starts may miss chunks that it had acknowledged. */
    private static long missingSince(@Nullable DiskReport report, long sequence) {
        return report == null || sequence < report.sequence()
                ? Member.BEHIND_FROM_THE_START
                : Math.max(
                        Member.BEHIND_FROM_THE_START, report.reportedMillis() - Limits.DISK_REPORT_MARGIN.toMillis());
    }

    static Reply reportDisk(Transaction tx, Stamp stamp, ReportDisk c) throws RefusedException {
        Disk disk = requireDisk(tx, c.disk());
        put(tx, new Disk(disk.id(), disk.node(), disk.path(), c.state(), c.totalBytes(), c.freeBytes()));
        remember(tx, stamp, disk.id(), c.sequence());
        return Reply.DONE;
    }

    /** How far a disk is: if it is less one day, it is an old image. */
    static void remember(Transaction tx, Stamp stamp, DiskId disk, long sequence) {
        DiskReport before = tx.get(Tables.DISK_REPORTS, Keys.diskReport(disk));
        long highest = before == null ? sequence : Math.max(before.sequence(), sequence);
        tx.put(Tables.DISK_REPORTS, Keys.diskReport(disk), new DiskReport(highest, stamp.nowMillis()));
    }

    static Reply removeDisk(Transaction tx, RemoveDisk c) throws RefusedException {
        requireDisk(tx, c.disk());
        requireUnused(tx, place -> place.disk().equals(c.disk()));
        removeDisk(tx, c.disk());
        return Reply.DONE;
    }

    private static void removeDisk(Transaction tx, DiskId disk) {
        MapRows.delete(tx, Tables.DISKS, Keys.disk(disk));
        tx.delete(Tables.DISK_REPORTS, Keys.diskReport(disk));
    }

    /** What was replaced is used, too, until the member in its place has everything. */
    private static void requireUnused(Transaction tx, Predicate<Member.Place> removed) throws RefusedException {
        for (Volume volume : MapRows.all(tx, Tables.VOLUMES, 'v')) {
            for (Member member : volume.members()) {
                if (removed.test(member.place()) || member.previous() != null && removed.test(member.previous())) {
                    throw new RefusedException(
                            Refusal.NODE_IN_USE, "volume " + volume.id().value());
                }
            }
        }
    }

    static Reply setGroup(Transaction tx, SetGroup c) throws RefusedException {
        MetadataGroup group = c.group();
        for (NodeId member : group.members()) {
            if (require(tx, member).role() != Node.Role.METASERVER) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "node " + member + " is no metaserver");
            }
        }
        if (group.members().isEmpty()
                || group.members().stream().distinct().count()
                        != group.members().size()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a group needs different members");
        }
        MetadataGroup before = tx.get(Tables.GROUPS, Keys.group(group.id()));
        if (!c.expected().isEmpty() && (before == null || !before.members().equals(c.expected()))) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the group's members have changed meanwhile");
        }
        put(tx, before == null ? group : group.withBehind(behind(before, group)));
        return Reply.DONE;
    }

    private static List<NodeId> behind(MetadataGroup before, MetadataGroup after) {
        return after.members().stream()
                .filter(member ->
                        !before.members().contains(member) || before.behind().contains(member))
                .toList();
    }

    static Reply setGroupBehind(Transaction tx, SetGroupBehind c) throws RefusedException {
        MetadataGroup group = tx.get(Tables.GROUPS, Keys.group(c.group()));
        if (group == null) {
            throw new RefusedException(
                    Refusal.INVALID_ARGUMENT, "there is no group " + c.group().value());
        }
        put(tx, group.withBehind(c.behind()));
        return Reply.DONE;
    }

    static Disk requireDisk(Transaction tx, DiskId id) throws RefusedException {
        Disk disk = tx.get(Tables.DISKS, Keys.disk(id));
        if (disk == null) {
            throw new RefusedException(Refusal.NO_SUCH_DISK, id.toString());
        }
        return disk;
    }

    private static Node require(Transaction tx, NodeId id) throws RefusedException {
        Node node = tx.get(Tables.NODES, Keys.node(id));
        if (node == null) {
            throw new RefusedException(Refusal.NO_SUCH_NODE, id.toString());
        }
        return node;
    }

    private static void put(Transaction tx, MetadataGroup group) {
        MapRows.put(tx, Tables.GROUPS, Keys.group(group.id()), group);
    }

    private static void put(Transaction tx, Node node) {
        MapRows.put(tx, Tables.NODES, Keys.node(node.id()), node);
    }

    private static void put(Transaction tx, Disk disk) {
        MapRows.put(tx, Tables.DISKS, Keys.disk(disk.id()), disk);
    }
}
