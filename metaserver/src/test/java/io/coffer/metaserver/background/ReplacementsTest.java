package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which members move, and where. */
final class ReplacementsTest {
    private static Replacements.Plan plan(Topology topology) {
        return Replacements.of(topology.map(), 100);
    }

    private static List<Integer> after(Replacements.Move move) {
        return Topology.disks(move.after());
    }

    @Test
    void aHealthyClusterStaysAsItIs() {
        Topology topology = Topology.racks(4, 4, 1);
        topology.volume(10, 20, 30);
        topology.set(1, Node.State.DOWN);
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 0));
    }

    @Test
    void aMemberOfALostNodeGetsADiskInAnotherDomain() {
        Topology topology = Topology.racks(6, 2, 2);
        Volume volume = topology.volume(10, 30, 50); // a rack each
        topology.set(3, Node.State.LOST);
        Replacements.Move move = plan(topology).moves().getFirst();
        assertThat(move.before()).isEqualTo(volume);
        assertThat(move.index()).isEqualTo(1);
        assertThat(after(move).get(1)).as("the other node of the rack").isIn(40, 41);
    }

    @Test
    void aMemberOnAFailedDiskMayStayOnItsNode() {
        Topology topology = Topology.racks(3, 3, 2);
        topology.volume(10, 20, 30);
        topology.set(20, Disk.State.FAILED);
        assertThat(plan(topology).moves())
                .singleElement()
                .satisfies(move -> assertThat(after(move)).containsExactly(10, 21, 30));
    }

    @Test
    void whereTooFewDomainsAreLeftMembersWait() {
        Topology topology = Topology.racks(3, 3, 4);
        topology.volume(10, 20, 30);
        topology.set(2, Node.State.LOST);
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 1));
    }

    @Test
    void withoutASourceNothingIsReplaced() {
        Topology topology = Topology.racks(4, 4, 1);
        topology.volume(10);
        Volume two = topology.volume(10, 20);
        topology.change(two.id(), 1, member -> member.behindSince(500));
        topology.set(1, Node.State.LOST);
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 2));
    }

    @Test
    void theMostExposedVolumesComeFirst() {
        Topology topology = Topology.racks(6, 6, 4);
        topology.volume(10, 20, 30);
        Volume exposed = topology.volume(10, 31, 41);
        topology.change(exposed.id(), 2, member -> member.behindSince(5));
        topology.set(1, Node.State.LOST);
        assertThat(plan(topology).moves())
                .extracting(move -> move.before().id())
                .containsExactly(
                        exposed.id(),
                        topology.volumes
                                .get(new io.coffer.common.id.VolumeId(1))
                                .id());
        assertThat(Replacements.of(topology.map(), 1).moves())
                .extracting(move -> move.before().id())
                .containsExactly(exposed.id());
    }

    @Test
    void aDiskFillsFewMembersAtOnce() {
        Topology topology = Topology.racks(4, 4, 1);
        for (int i = 0; i < 5; i++) {
            topology.volume(10, 20, 30);
        }
        topology.set(1, Node.State.LOST);
        Replacements.Plan plan = plan(topology);
        assertThat(plan.moves()).hasSize(Limits.FILLING_PER_DISK);
        assertThat(plan.waiting()).isEqualTo(5 - Limits.FILLING_PER_DISK);
        plan.moves().forEach(topology::apply);
        assertThat(plan(topology).moves()).isEmpty();
        topology.allCaughtUp();
        assertThat(plan(topology).moves()).hasSize(Limits.FILLING_PER_DISK);
    }

    @Test
    void drainingMovesOneMemberAtATimeAndOnlyWhileAllAreCurrent() {
        Topology topology = Topology.racks(6, 6, 1);
        Volume volume = topology.volume(10, 20, 30);
        topology.drain(1);
        topology.drain(2);
        Replacements.Move first = plan(topology).moves().getFirst();
        assertThat(first.index()).isZero();
        topology.apply(first);
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 1));
        topology.allCaughtUp();
        Replacements.Move second = plan(topology).moves().getFirst();
        assertThat(second.index()).isOne();
        topology.apply(second);
        topology.allCaughtUp();
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 0));
        assertThat(Topology.disks(topology.volumes.get(volume.id()))).doesNotContain(10, 20);
    }

    @Test
    void aDrainThatWouldCrowdMembersTogetherWaits() {
        Topology topology = Topology.racks(3, 3, 4);
        topology.volume(10, 20, 30);
        topology.drain(1);
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 1));
    }

    @Test
    void aSingleCopyDrainsToo() {
        Topology topology = Topology.racks(2, 2, 1);
        topology.volume(10);
        topology.drain(1);
        assertThat(plan(topology).moves())
                .singleElement()
                .satisfies(move -> assertThat(after(move)).containsExactly(20));
    }

    @Test
    void theLossOfANodeIsSharedByTheOthers() {
        Topology topology = Topology.racks(8, 8, 2);
        topology.fill(3, 100);
        topology.set(1, Node.State.LOST);
        for (int round = 0; round < 20; round++) {
            plan(topology).moves().forEach(topology::apply);
            topology.allCaughtUp();
        }
        assertThat(plan(topology)).isEqualTo(new Replacements.Plan(List.of(), 0));
        int[] memberships = new int[100];
        for (Volume volume : topology.volumes.values()) {
            assertThat(new HashSet<>(Topology.disks(volume).stream()
                            .map(disk -> disk / 10)
                            .toList()))
                    .hasSize(3)
                    .doesNotContain(1);
            Topology.disks(volume).forEach(disk -> memberships[disk]++);
        }
        for (int node = 2; node <= 8; node++) {
            assertThat(memberships[10 * node] + memberships[10 * node + 1]).isBetween(12, 16);
        }
    }
}
