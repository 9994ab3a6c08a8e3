package io.coffer.common.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RepairStatusTest {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Disk> disks = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();

    private Member.Place place(Node.State state, Disk.State disk) {
        NodeId node = new NodeId(new UUID(1, nodes.size()));
        DiskId id = new DiskId(new UUID(2, nodes.size()));
        nodes.add(new Node(node, "s/r/" + nodes.size(), "").withState(state));
        disks.add(new Disk(id, node, "/d", disk, 100, 50));
        return new Member.Place(node, id);
    }

    private Member up() {
        Member.Place place = place(Node.State.UP, Disk.State.HEALTHY);
        return new Member(place.node(), place.disk());
    }

    private Member in(Node.State state) {
        Member.Place place = place(state, Disk.State.HEALTHY);
        return new Member(place.node(), place.disk());
    }

    private void volume(Member... members) {
        volumes.add(new Volume(
                new VolumeId(volumes.size() + 1),
                1,
                "p",
                new ProtectionScheme.Replicated(members.length),
                Volume.State.OPEN,
                List.of(members)));
    }

    private RepairStatus status() {
        return RepairStatus.of(ClusterMap.of(1, nodes, disks, volumes));
    }

    @Test
    void volumesAreCountedByWhatTheyCanStillLose() {
        volume(up(), up(), up());
        volume(up(), up(), in(Node.State.DOWN));
        volume(up(), in(Node.State.LOST), up().behindSince(5));
        volume(in(Node.State.DOWN), in(Node.State.DOWN), up().behindSince(1));
        volume(up(), in(Node.State.DOWN));
        assertThat(status()).isEqualTo(new RepairStatus(5, 1, 1, 2, 1, 2, 1));
        assertThat(status().isWhole()).isFalse();
    }

    @Test
    void aMemberThatMovesCountsWhileItsDiskBeforeIsRead() {
        Member.Place before = place(Node.State.UP, Disk.State.HEALTHY);
        Member.Place now = place(Node.State.UP, Disk.State.HEALTHY);
        volume(up(), up(), new Member(now.node(), now.disk(), 1, before, true));
        assertThat(status()).isEqualTo(new RepairStatus(1, 1, 0, 0, 0, 1, 0));
        disks.replaceAll(disk -> disk.id().equals(before.disk())
                ? new Disk(disk.id(), disk.node(), disk.path(), Disk.State.FAILED, 100, 50)
                : disk);
        assertThat(status()).isEqualTo(new RepairStatus(1, 0, 1, 0, 0, 1, 0));
    }

    @Test
    void volumesAreGroupedByWhatTheyCanStillLose() {
        volume(up(), up(), up());
        volume(up(), up(), up());
        volume(up(), up(), in(Node.State.DOWN));
        volume(up(), in(Node.State.LOST), up().behindSince(5));
        volume(in(Node.State.DOWN), in(Node.State.DOWN), up().behindSince(1));
        volume(up(), in(Node.State.DOWN));
        assertThat(Exposure.of(ClusterMap.of(1, nodes, disks, volumes)))
                .containsExactly(
                        new Exposure(-1, 3, 1),
                        new Exposure(0, 2, 1),
                        new Exposure(0, 1, 1),
                        new Exposure(1, 1, 1),
                        new Exposure(2, 0, 2));
    }

    @Test
    void membersWithSomethingToDoAreNamedMostExposedFirst() {
        Member away = in(Node.State.DOWN);
        Member lost = in(Node.State.LOST);
        Member late = up().behindSince(500);
        Member fresh = up().behindSince(1);
        volume(up(), up(), away);
        volume(up(), lost, late);
        volume(up(), up(), fresh);
        assertThat(UnsettledMember.of(ClusterMap.of(1, nodes, disks, volumes)))
                .containsExactly(
                        new UnsettledMember(new VolumeId(2), 1, lost, UnsettledMember.State.GONE, 0),
                        new UnsettledMember(new VolumeId(2), 2, late, UnsettledMember.State.CATCHING_UP, 0),
                        new UnsettledMember(new VolumeId(1), 2, away, UnsettledMember.State.AWAY, 1),
                        new UnsettledMember(new VolumeId(3), 2, fresh, UnsettledMember.State.REBUILDING, 1));
    }
}
