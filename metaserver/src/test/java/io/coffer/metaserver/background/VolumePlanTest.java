package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.Volume;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where new volumes go. {@link ClusterBootstrapTest} has the disks of one node. */
final class VolumePlanTest {
    private static Set<String> domains(Topology topology, Volume volume, int parts) {
        Set<String> domains = new HashSet<>();
        for (Member member : volume.members()) {
            String location = topology.map().nodes().get(member.node()).location();
            domains.add(String.join("/", List.of(location.split("/")).subList(0, parts)));
        }
        return domains;
    }

    private static Map<Integer, Integer> memberships(Topology topology) {
        Map<Integer, Integer> memberships = new HashMap<>();
        for (Volume volume : topology.volumes.values()) {
            Topology.disks(volume).forEach(disk -> memberships.merge(disk, 1, Integer::sum));
        }
        return memberships;
    }

    @ParameterizedTest
    @CsvSource({
        "4, 4, 1, 3, 3", // one rack: hosts
        "9, 3, 2, 2, 2", // three racks: one each
        "9, 3, 2, 5, 3", // five copies in three racks: five hosts
        "12, 3, 4, 4, 2",
    })
    void theWidestDomainsThatAreEnoughAreUsedAndAllDisksGetTheSame(
            int nodes, int perRack, int disksEach, int copies, int parts) {
        Topology topology = Topology.racks(nodes, perRack, disksEach);
        topology.fill(copies, 7);
        assertThat(topology.volumes.values())
                .allSatisfy(
                        volume -> assertThat(domains(topology, volume, parts)).hasSize(copies));
        Map<Integer, Integer> memberships = memberships(topology);
        assertThat(memberships).hasSize(nodes * disksEach);
        int most = memberships.values().stream().max(Integer::compare).orElseThrow();
        int least = memberships.values().stream().min(Integer::compare).orElseThrow();
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @Test
    void copiesThatDoNotFitTheRacksAreSpreadOverThemAllTheSame() {
        Topology topology = Topology.racks(6, 3, 1);
        topology.fill(3, 100);
        assertThat(topology.volumes.values())
                .allSatisfy(volume -> assertThat(domains(topology, volume, 2)).hasSize(2));
    }

    @Test
    void twoNodesOnOneHostFailTogether() {
        Topology topology = new Topology();
        for (int number = 1; number <= 6; number++) {
            topology.node(number, "site/rack/host" + (number - 1) / 2, 1);
        }
        topology.fill(3, 100);
        assertThat(topology.volumes.values())
                .allSatisfy(volume -> assertThat(domains(topology, volume, 3)).hasSize(3));
    }

    @Test
    void whatIsAwayOrFailedOrDrainingGetsNoVolumes() {
        Topology topology = Topology.racks(7, 7, 1);
        topology.set(1, Node.State.DOWN);
        topology.set(2, Node.State.LOST);
        topology.drain(3);
        topology.set(40, Disk.State.FAILED);
        topology.fill(3, 100);
        assertThat(memberships(topology).keySet()).containsExactlyInAnyOrder(50, 60, 70);
    }

    @Test
    void volumesWaitForANodeThatIsAwayRatherThanCrowdTogether() {
        Topology topology = Topology.racks(3, 3, 4);
        topology.set(2, Node.State.LOST);
        assertThat(topology.missing(3, 100)).isEmpty();
        topology.drain(2); // it won't come back
        assertThat(topology.missing(3, 100)).isNotEmpty();
    }

    @Test
    void aNewNodeGetsItsShare() {
        Topology topology = Topology.racks(4, 4, 2);
        topology.fill(3, 100);
        Set<Object> before = Set.copyOf(topology.volumes.keySet());
        topology.node(5, "site/rack0/host5", 2);
        topology.fill(3, 3);
        assertThat(topology.volumes.keySet()).containsAll((Set) before);
        Map<Integer, Integer> memberships = memberships(topology);
        assertThat(memberships.get(50)).isGreaterThanOrEqualTo(6);
        assertThat(memberships.get(51)).isGreaterThanOrEqualTo(6);
    }

    @Test
    void aStepIsBounded() {
        assertThat(Topology.racks(10, 5, 10).missing(3, 5)).hasSize(5);
    }
}
