package io.coffer.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VolumePlacementTest {
    private static final NodeId NODE = new NodeId(new UUID(0, 1));

    private final List<Disk> disks = new ArrayList<>();
    private final List<Volume> volumes = new ArrayList<>();
    private final Set<Member.Place> avoided = new HashSet<>();
    private boolean wholeOnly;
    private Node node = new Node(NODE, "s/r/n", "");

    @Test
    void everyDiskGetsItsTurn() {
        for (int disk = 0; disk < 3; disk++) {
            disk(disk, Disk.State.HEALTHY);
            volume("p", Volume.State.OPEN, disk);
            volume("p", Volume.State.OPEN, disk);
        }
        Set<DiskId> used = new HashSet<>();
        for (int turn = 0; turn < 3; turn++) {
            used.add(choose(turn, 0).orElseThrow().members().getFirst().disk());
        }
        assertThat(used).hasSize(3);
    }

    @Test
    void writersShareAVolumeForAWhileAndThenChange() {
        disk(0, Disk.State.HEALTHY);
        volume("p", Volume.State.OPEN, 0);
        volume("p", Volume.State.OPEN, 0);
        Set<VolumeId> now = new HashSet<>();
        for (int turn = 0; turn < 10; turn++) {
            now.add(choose(turn, 5).orElseThrow().id());
        }
        assertThat(now).hasSize(1);
        assertThat(choose(0, 5 + VolumePlacement.TURN_MILLIS).orElseThrow().id())
                .isNotIn(now);
    }

    @Test
    void onlyOpenVolumesOfThePolicyCount() {
        disk(0, Disk.State.HEALTHY);
        volume("other", Volume.State.OPEN, 0);
        volume("p", Volume.State.READ_ONLY, 0);
        assertThat(choose(0, 0)).isEmpty();
    }

    @Test
    void aVolumeWithAFailedMemberIsTheLastResortAndNeedsItsQuorum() {
        for (int disk = 0; disk < 6; disk++) {
            disk(disk, disk == 0 || disk == 4 || disk == 5 ? Disk.State.FAILED : Disk.State.HEALTHY);
        }
        Volume degraded = volume("p", Volume.State.OPEN, 0, 1, 2);
        volume("p", Volume.State.OPEN, 3, 4, 5);
        assertThat(choose(0, 0)).contains(degraded);
        assertThat(choose(1, 0)).contains(degraded);
        disk(6, Disk.State.HEALTHY);
        Volume whole = volume("p", Volume.State.OPEN, 1, 2, 6);
        assertThat(choose(0, 0)).contains(whole);
        assertThat(choose(1, 0)).contains(whole);
    }

    @Test
    void whoAsksForAWholeVolumeGetsNoOther() {
        disk(0, Disk.State.HEALTHY);
        disk(1, Disk.State.HEALTHY);
        disk(2, Disk.State.FAILED);
        Volume degraded = volume("p", Volume.State.OPEN, 0, 1, 2);
        assertThat(choose(0, 0)).contains(degraded);
        wholeOnly = true;
        assertThat(choose(0, 0)).isEmpty();
    }

    @Test
    void aMemberThatIsAvoidedOrAwayCountsAsFailed() {
        disk(0, Disk.State.HEALTHY);
        disk(1, Disk.State.HEALTHY);
        Volume first = volume("p", Volume.State.OPEN, 0);
        Volume second = volume("p", Volume.State.OPEN, 1);
        avoided.add(first.members().getFirst().place());
        assertThat(choose(0, 0)).contains(second);
        assertThat(choose(1, 0)).contains(second);
        node = node.withState(Node.State.DOWN);
        assertThat(choose(0, 0)).isEmpty();
    }

    @Test
    void aNodeThatDrainsGetsExtentsOnlyWhenNobodyElseTakesThem() {
        disk(0, Disk.State.HEALTHY);
        Volume leaving = volume("p", Volume.State.OPEN, 0);
        node = node.withDraining(true);
        assertThat(choose(0, 0)).contains(leaving);
    }

    private Optional<Volume> choose(long turn, long now) {
        return VolumePlacement.choose(
                map(), new VolumePlacement.Request("p", Set.of(), avoided::contains, wholeOnly), turn, now);
    }

    private ClusterMap map() {
        return ClusterMap.of(1, List.of(node), disks, volumes);
    }

    private void disk(int number, Disk.State state) {
        disks.add(new Disk(new DiskId(new UUID(0, number)), NODE, "/d" + number, state, 100, 100));
    }

    private Volume volume(String policy, Volume.State state, int... onDisks) {
        List<Member> members = new ArrayList<>();
        for (int number : onDisks) {
            members.add(new Member(NODE, new DiskId(new UUID(0, number))));
        }
        Volume volume = new Volume(
                new VolumeId(volumes.size() + 1),
                1,
                policy,
                new ProtectionScheme.Replicated(onDisks.length),
                state,
                members);
        volumes.add(volume);
        return volume;
    }
}
