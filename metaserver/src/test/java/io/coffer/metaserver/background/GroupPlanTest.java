package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class GroupPlanTest {
    private final List<Node> nodes = new ArrayList<>();
    private final Map<GroupId, MetadataGroup> groups = new TreeMap<>();

    private static NodeId id(int number) {
        return new NodeId(new UUID(1, number));
    }

    private void metaserver(int number, Node.State state) {
        nodes.add(new Node(id(number), Node.Role.METASERVER, "m" + number, "s/r/h", "h:1", "h:2", state, false));
    }

    private Optional<MetadataGroup> next(int bucketGroups) {
        ClusterMap map = ClusterMap.of(1, nodes, List.of(), List.of(), List.copyOf(groups.values()));
        return new GroupPlan(map, bucketGroups).next();
    }

    /** Does what is planned until nothing is; a group that is to be founded is founded. */
    private void settle(int bucketGroups) {
        for (Optional<MetadataGroup> plan; (plan = next(bucketGroups)).isPresent(); ) {
            groups.put(
                    plan.get().id(),
                    new MetadataGroup(plan.get().id(), plan.get().members()));
        }
    }

    private void system(int... members) {
        groups.put(
                GroupId.SYSTEM,
                new MetadataGroup(
                        GroupId.SYSTEM,
                        Arrays.stream(members).mapToObj(GroupPlanTest::id).toList()));
    }

    @Test
    void aGroupIsFoundedByOneAndGrowsOnlyThen() {
        metaserver(0, Node.State.UP);
        system(0);
        assertThat(next(1)).contains(new MetadataGroup(new GroupId(1), List.of(id(0)), true));
        groups.put(new GroupId(1), next(1).orElseThrow());
        assertThat(next(1)).isEmpty();
        metaserver(1, Node.State.UP);
        metaserver(2, Node.State.UP);
        system(0, 1, 2);
        assertThat(next(1)).isEmpty();
        groups.put(new GroupId(1), new MetadataGroup(new GroupId(1), List.of(id(0))));
        settle(1);
        assertThat(groups.get(new GroupId(1)).members()).containsExactlyInAnyOrder(id(0), id(1), id(2));
    }

    @Test
    void leadersAndMembersAreSpread() {
        for (int i = 0; i < 4; i++) {
            metaserver(i, Node.State.UP);
        }
        system(0);
        settle(7);
        assertThat(groups).hasSize(8);
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.members()).hasSize(3).doesNotHaveDuplicates());
        assertThat(groups.values().stream()
                        .map(group -> group.members().getFirst())
                        .collect(Collectors.groupingBy(node -> node, Collectors.counting())))
                .allSatisfy((node, count) -> assertThat(count).isEqualTo(2));
        assertThat(groups.values().stream()
                        .flatMap(group -> group.members().stream())
                        .collect(Collectors.groupingBy(node -> node, Collectors.counting())))
                .allSatisfy((node, count) -> assertThat(count).isEqualTo(6));
    }

    @Test
    void whoComesLaterLeadsItsShareAndThenNothingMovesAnyMore() {
        metaserver(0, Node.State.UP);
        system(0);
        settle(3);
        metaserver(1, Node.State.UP);
        metaserver(2, Node.State.UP);
        settle(3);
        assertThat(groups.values().stream()
                        .map(group -> group.members().getFirst())
                        .collect(Collectors.groupingBy(node -> node, Collectors.counting())))
                .containsOnlyKeys(id(0), id(1), id(2))
                .allSatisfy((node, count) -> assertThat(count).isBetween(1L, 2L));
        assertThat(groups.get(GroupId.SYSTEM).members().getFirst())
                .as("who leads the system group goes on with it")
                .isEqualTo(id(0));
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.members()).containsExactlyInAnyOrder(id(0), id(1), id(2)));
    }

    @Test
    void whoIsAwayIsNeitherTakenInNorReplaced() {
        metaserver(0, Node.State.UP);
        metaserver(1, Node.State.DOWN);
        metaserver(2, Node.State.LOST);
        system(0);
        settle(1);
        assertThat(groups.values())
                .allSatisfy(group -> assertThat(group.members()).containsExactly(id(0)));
        system(0, 1, 2);
        metaserver(3, Node.State.UP);
        settle(1);
        assertThat(groups.get(GroupId.SYSTEM).members()).containsExactly(id(0), id(1), id(2));
        assertThat(groups.get(new GroupId(1)).members()).containsExactlyInAnyOrder(id(0), id(3));
    }
}
