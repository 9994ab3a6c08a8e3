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
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReadOrderTest {
    private final List<Node> nodes = new ArrayList<>();
    private final List<Disk> disks = new ArrayList<>();
    private final Set<Member.Place> avoided = new HashSet<>();

    /** A node with one disk. */
    private Member.Place place(int number, String location, Node.State state, Disk.State disk) {
        NodeId node = new NodeId(new UUID(1, number));
        DiskId id = new DiskId(new UUID(2, number));
        nodes.add(new Node(node, location, "host:" + number).withState(state));
        disks.add(new Disk(id, node, "/d", disk, 100, 100));
        return new Member.Place(node, id);
    }

    private Member.Place place(int number) {
        return place(number, "s/r/h" + number, Node.State.UP, Disk.State.HEALTHY);
    }

    private static Member member(Member.Place place, long behindSince, Member.Place previous) {
        return new Member(place.node(), place.disk(), behindSince, previous, true);
    }

    private static Member member(Member.Place place) {
        return new Member(place.node(), place.disk());
    }

    private List<ReadOrder.Copy> order(String location, long turn, Member... members) {
        Volume volume = new Volume(
                new VolumeId(1),
                1,
                "p",
                new ProtectionScheme.Replicated(members.length),
                Volume.State.OPEN,
                List.of(members));
        return ReadOrder.of(ClusterMap.of(1, nodes, disks, List.of(volume)), volume, avoided::contains, location, turn);
    }

    private List<Integer> numbers(String location, long turn, Member... members) {
        return order(location, turn, members).stream()
                .map(copy -> (int) copy.place().disk().value().getLeastSignificantBits())
                .toList();
    }

    @Test
    void equalCopiesTakeTurns() {
        Member[] members = {member(place(0)), member(place(1)), member(place(2))};
        assertThat(numbers("", 0, members)).containsExactly(0, 1, 2);
        assertThat(numbers("", 1, members)).containsExactly(1, 2, 0);
        assertThat(numbers("", 5, members)).containsExactly(2, 0, 1);
    }

    @Test
    void theNearestIsFirst() {
        Member[] members = {
            member(place(0, "s/r1/a", Node.State.UP, Disk.State.HEALTHY)),
            member(place(1, "s/r2/b", Node.State.UP, Disk.State.HEALTHY)),
            member(place(2, "t/r1/c", Node.State.UP, Disk.State.HEALTHY)),
        };
        for (int turn = 0; turn < 3; turn++) {
            assertThat(numbers("s/r2/b", turn, members)).containsExactly(1, 0, 2);
            assertThat(numbers("t/r1/x", turn, members)).startsWith(2);
        }
    }

    @Test
    void whatMayLackItComesAfterWhatHasItAndWhatIsAwayLast() {
        Member[] members = {
            member(place(0, "near", Node.State.UP, Disk.State.HEALTHY), 1, place(7)),
            member(place(1, "near", Node.State.DOWN, Disk.State.HEALTHY)),
            member(place(2, "near", Node.State.UP, Disk.State.FAILED)),
            member(place(3, "near", Node.State.UP, Disk.State.HEALTHY), 500, null),
            member(place(4, "far", Node.State.UP, Disk.State.READ_ONLY)),
        };
        for (int turn = 0; turn < 5; turn++) {
            List<ReadOrder.Copy> order = order("near", turn, members);
            assertThat(numbers("near", turn, members).subList(0, 4)).containsExactly(4, 3, 7, 0);
            assertThat(order.getFirst().complete()).isTrue();
            assertThat(order.subList(1, 4)).noneMatch(ReadOrder.Copy::complete);
            assertThat(order.get(2).index()).as("under the slot's index").isZero();
        }
    }

    @Test
    void whatIsAvoidedComesLateButComes() {
        Member[] members = {member(place(0)), member(place(1)), member(place(2), 500, null)};
        avoided.add(members[0].place());
        assertThat(numbers("", 0, members)).containsExactly(1, 2, 0);
    }

    @Test
    void aSingleCopyIsAllThereIs() {
        assertThat(numbers("", 3, member(place(0, "", Node.State.LOST, Disk.State.FAILED))))
                .containsExactly(0);
    }
}
