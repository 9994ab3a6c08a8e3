package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.time.ManualTime;
import io.coffer.metaserver.consensus.MemberStatus;
import io.coffer.metaserver.consensus.Peer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where leaders are moved, in a system group of three. */
final class GroupMembershipTest {
    private static final List<NodeId> NODES =
            List.of(new NodeId(new UUID(1, 1)), new NodeId(new UUID(1, 2)), new NodeId(new UUID(1, 3)));
    private static final List<Peer> PEERS =
            NODES.stream().map(node -> new Peer(node, "host:1")).toList();

    private final Set<NodeId> tight = new HashSet<>();
    private final Set<NodeId> lagging = new HashSet<>();
    private NodeId leader = NODES.getFirst();
    private final List<NodeId> heirs = new ArrayList<>();
    private final FakeCluster cluster = new FakeCluster(new ManualTime(0), 0);
    private final GroupMembership membership = new GroupMembership(cluster.calls(), cluster, Host::new, 0);

    @BeforeEach
    void threeMetaservers() {
        for (NodeId id : NODES) {
            cluster.nodes.put(
                    id,
                    new Node(
                            id,
                            Node.Role.METASERVER,
                            "meta-" + id,
                            "site/rack/host",
                            "host:1",
                            "host:1",
                            Node.State.UP,
                            false));
        }
        cluster.metadataGroups.add(new MetadataGroup(GroupId.SYSTEM, NODES));
    }

    @AfterEach
    void nothingIsCommitted() {
        assertThat(cluster.told).isEmpty();
    }

    private final class Host implements GroupHost {
        private final Node node;

        Host(Node node) {
            this.node = node;
        }

        @Override
        public Status status() {
            MemberStatus member = new MemberStatus(
                    GroupId.SYSTEM,
                    node.id().equals(leader),
                    Optional.of(leader),
                    PEERS,
                    10,
                    true,
                    node.id().equals(leader) ? lagging : Set.of());
            return new Status(List.of(member), tight.contains(node.id()));
        }

        @Override
        public void host(GroupId group, boolean found) {
            throw new AssertionError();
        }

        @Override
        public void drop(GroupId group) {
            throw new AssertionError();
        }

        @Override
        public void setMembers(GroupId group, List<Peer> members) {
            throw new AssertionError();
        }

        @Override
        public void transfer(GroupId group, NodeId to) {
            assertThat(node.id()).isEqualTo(leader);
            heirs.add(to);
            leader = to;
        }
    }

    @Test
    void aLeaderMovesToWhereItShouldBeIfThatLasts() throws Exception {
        leader = NODES.get(2);
        membership.run();
        assertThat(heirs).isEmpty();
        membership.run();
        assertThat(heirs).containsExactly(NODES.getFirst());
        membership.run();
        assertThat(heirs).hasSize(1);
    }

    @Test
    void aLeaderWithoutRoomMovesAtOnceToTheFirstThatHasSomeAndIsUpToDate() throws Exception {
        tight.add(NODES.getFirst());
        lagging.add(NODES.get(1));
        membership.run();
        assertThat(heirs).containsExactly(NODES.get(2));
    }

    @Test
    void itComesBackWhenThereIsRoomAgain() throws Exception {
        tight.add(NODES.getFirst());
        for (int run = 0; run < 5; run++) {
            membership.run();
        }
        assertThat(heirs).containsExactly(NODES.get(1));
        tight.clear();
        membership.run();
        membership.run();
        assertThat(heirs).containsExactly(NODES.get(1), NODES.getFirst());
    }

    @Test
    void itStaysWhereNobodyHasRoom() throws Exception {
        tight.addAll(NODES);
        membership.run();
        membership.run();
        assertThat(heirs).isEmpty();
    }
}
