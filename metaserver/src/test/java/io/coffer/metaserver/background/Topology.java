package io.coffer.metaserver.background;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A cluster map that a test changes as the rules would. Nodes and disks are numbered from 1; a node's first disk is ten times it. */
final class Topology {
    final Map<Integer, Node> nodes = new TreeMap<>();
    final Map<Integer, Disk> disks = new TreeMap<>();
    final Map<VolumeId, Volume> volumes = new TreeMap<>();

    /** Adds a node with disks. */
    Topology node(int number, String location, int withDisks) {
        nodes.put(
                number,
                new Node(
                        new NodeId(new UUID(1, number)),
                        Node.Role.DATASERVER,
                        "data-" + number,
                        location,
                        "host:" + number,
                        "",
                        Node.State.UP,
                        false));
        for (int disk = 10 * number; disk < 10 * number + withDisks; disk++) {
            disks.put(
                    disk,
                    new Disk(disk(disk), new NodeId(new UUID(1, number)), "/d" + disk, Disk.State.HEALTHY, 1000, 900));
        }
        return this;
    }

    /** So many nodes, each on a host of its own in racks of so many. */
    static Topology racks(int count, int perRack, int disksEach) {
        Topology topology = new Topology();
        for (int number = 1; number <= count; number++) {
            topology.node(number, "site/rack" + (number - 1) / perRack + "/host" + number, disksEach);
        }
        return topology;
    }

    static DiskId disk(int number) {
        return new DiskId(new UUID(2, number));
    }

    static int number(DiskId disk) {
        return (int) disk.value().getLeastSignificantBits();
    }

    static List<Integer> disks(Volume volume) {
        return volume.members().stream().map(member -> number(member.disk())).toList();
    }

    Member member(int disk) {
        return new Member(new NodeId(new UUID(1, disk / 10)), disk(disk));
    }

    Volume volume(int... onDisks) {
        List<Member> members = new ArrayList<>();
        for (int disk : onDisks) {
            members.add(member(disk));
        }
        Volume volume = new Volume(
                new VolumeId(volumes.size() + 1),
                1,
                "replica-" + onDisks.length,
                new ProtectionScheme.Replicated(onDisks.length),
                Volume.State.OPEN,
                members);
        volumes.put(volume.id(), volume);
        return volume;
    }

    void fill(int copies, int perStep) {
        for (List<Volume> missing = missing(copies, perStep); !missing.isEmpty(); missing = missing(copies, perStep)) {
            missing.forEach(volume ->
                    volume(disks(volume).stream().mapToInt(Integer::intValue).toArray()));
        }
    }

    List<Volume> missing(int copies, int limit) {
        return VolumePlan.missing(map(), "replica-" + copies, new ProtectionScheme.Replicated(copies), limit);
    }

    void set(int node, Node.State state) {
        nodes.computeIfPresent(node, (number, before) -> before.withState(state));
    }

    void drain(int node) {
        nodes.computeIfPresent(node, (number, before) -> before.withDraining(true));
    }

    void set(int disk, Disk.State state) {
        disks.computeIfPresent(
                disk,
                (number, before) -> new Disk(
                        before.id(), before.node(), before.path(), state, before.totalBytes(), before.freeBytes()));
    }

    /** As UpdateVolume does. */
    void apply(Replacements.Move move) {
        List<Member> members = new ArrayList<>(move.before().members());
        Member after = move.after().members().get(move.index());
        Member.@Nullable Place previous = members.get(move.index()).place();
        members.set(move.index(), new Member(after.node(), after.disk(), Member.BEHIND_FROM_THE_START, previous, true));
        put(move.before(), members, move.before().epoch() + 1);
    }

    void change(VolumeId id, int index, UnaryOperator<Member> change) {
        Volume volume = volumes.get(id);
        List<Member> members = new ArrayList<>(volume.members());
        members.set(index, change.apply(members.get(index)));
        put(volume, members, volume.epoch());
    }

    void allCaughtUp() {
        for (Volume volume : List.copyOf(volumes.values())) {
            put(
                    volume,
                    volume.members().stream()
                            .map(member -> member.behindSince(0))
                            .toList(),
                    volume.epoch());
        }
    }

    private void put(Volume volume, List<Member> members, long epoch) {
        volumes.put(
                volume.id(), new Volume(volume.id(), epoch, volume.policy(), volume.scheme(), volume.state(), members));
    }

    ClusterMap map() {
        return ClusterMap.of(
                1, List.copyOf(nodes.values()), List.copyOf(disks.values()), List.copyOf(volumes.values()));
    }
}
