package io.coffer.metaserver.state;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.CreateVolume;
import io.coffer.common.metadata.SystemCommand.InitializeCluster;
import io.coffer.common.metadata.SystemCommand.RegisterDisk;
import io.coffer.common.metadata.SystemCommand.RegisterNode;
import io.coffer.common.metadata.SystemCommand.ReportDisk;
import io.coffer.common.metadata.SystemCommand.UpdateVolume;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.HashSet;
import java.util.Set;

/** The cluster map. Invariants: its revision rises with every change; a volume's members are disks of the map, each once. */
final class ClusterRules {
    private ClusterRules() {}

    static Reply initialize(Transaction tx, InitializeCluster c) throws RefusedException {
        ClusterId existing = tx.get(Tables.CLUSTER_ID, Tables.CLUSTER_ID_ROW);
        if (existing == null) {
            tx.put(Tables.CLUSTER_ID, Tables.CLUSTER_ID_ROW, c.cluster());
        } else if (!existing.equals(c.cluster())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the cluster has another name already");
        }
        return Reply.DONE;
    }

    static Reply registerNode(Transaction tx, RegisterNode c) {
        change(tx, Tables.NODES, Keys.node(c.node().id()), c.node());
        return Reply.DONE;
    }

    static Reply registerDisk(Transaction tx, RegisterDisk c) throws RefusedException {
        Disk disk = c.disk();
        if (tx.get(Tables.NODES, Keys.node(disk.node())) == null) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the disk's node is not registered");
        }
        Disk existing = tx.get(Tables.DISKS, Keys.disk(disk.id()));
        if (existing == null) {
            change(tx, Tables.DISKS, Keys.disk(disk.id()), disk);
        } else if (!existing.node().equals(disk.node())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "the disk belongs to another node");
        } else {
            put(
                    tx,
                    new Disk(
                            disk.id(),
                            disk.node(),
                            disk.path(),
                            existing.state(),
                            existing.totalBytes(),
                            existing.freeBytes()));
        }
        return Reply.DONE;
    }

    static Reply reportDisk(Transaction tx, ReportDisk c) throws RefusedException {
        Disk disk = requireDisk(tx, c.disk());
        put(tx, new Disk(disk.id(), disk.node(), disk.path(), c.state(), c.totalBytes(), c.freeBytes()));
        return Reply.DONE;
    }

    private static void put(Transaction tx, Disk disk) {
        change(tx, Tables.DISKS, Keys.disk(disk.id()), disk);
    }

    private static Disk requireDisk(Transaction tx, DiskId id) throws RefusedException {
        Disk disk = tx.get(Tables.DISKS, Keys.disk(id));
        if (disk == null) {
            throw new RefusedException(Refusal.NO_SUCH_DISK, id.toString());
        }
        return disk;
    }

    static Reply createVolume(Transaction tx, CreateVolume c) throws RefusedException {
        checkMembers(tx, c.volume());
        Allocators ids = BucketNameRules.allocators(tx).nextVolume();
        tx.put(Tables.ALLOCATORS, Tables.ALLOCATORS_ROW, ids);
        return putVolume(tx, ids.volume(), 1, c.volume());
    }

    static Reply updateVolume(Transaction tx, UpdateVolume c) throws RefusedException {
        Volume wanted = c.volume();
        Volume existing = tx.get(Tables.VOLUMES, Keys.volume(wanted.id()));
        if (existing == null) {
            throw new RefusedException(Refusal.NO_SUCH_VOLUME);
        }
        if (existing.epoch() != c.expectedEpoch()) {
            throw new RefusedException(Refusal.STALE_EPOCH, Long.toString(existing.epoch()));
        }
        if (!existing.scheme().equals(wanted.scheme()) || !existing.policy().equals(wanted.policy())) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a volume keeps its policy and scheme");
        }
        checkMembers(tx, wanted);
        return putVolume(tx, wanted.id(), existing.epoch() + 1, wanted);
    }

    private static void checkMembers(Transaction tx, Volume volume) throws RefusedException {
        Set<DiskId> disks = new HashSet<>();
        for (Member member : volume.members()) {
            if (!requireDisk(tx, member.disk()).node().equals(member.node())) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "disk " + member.disk() + " is on another node");
            }
            if (!disks.add(member.disk())) {
                throw new RefusedException(Refusal.INVALID_ARGUMENT, "disk " + member.disk() + " is a member twice");
            }
        }
    }

    private static Reply putVolume(Transaction tx, VolumeId id, long epoch, Volume wanted) {
        Volume volume = new Volume(id, epoch, wanted.policy(), wanted.scheme(), wanted.state(), wanted.members());
        change(tx, Tables.VOLUMES, Keys.volume(id), volume);
        return new Reply.VolumeReply(volume);
    }

    /** Puts a row of the map; a new revision unless it was the same before. */
    private static <V> void change(Transaction tx, Table<V> table, byte[] key, V value) {
        if (!value.equals(tx.get(table, key))) {
            tx.put(table, key, value);
            tx.put(
                    Tables.ALLOCATORS,
                    Tables.ALLOCATORS_ROW,
                    BucketNameRules.allocators(tx).nextRevision());
        }
    }
}
