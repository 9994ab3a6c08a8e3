package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.metadata.SystemCommand.SetNodeState;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class NodeWatchTest {
    private static final NodeId A = new NodeId(new UUID(1, 1));
    private static final NodeId B = new NodeId(new UUID(1, 2));
    private static final Duration LOST_AFTER = Duration.ofSeconds(60);

    private final ManualTime time = new ManualTime(1_800_000_000_000L);
    private final FakeCluster cluster = new FakeCluster(time, 1);
    private final Heartbeats heartbeats = new Heartbeats(time, new ClusterClock(time));
    private final NodeWatch watch = new NodeWatch(cluster.calls(), cluster, heartbeats, time, LOST_AFTER);

    @BeforeEach
    void twoNodes() throws Exception {
        register(A);
        register(B);
        watch.run();
    }

    private void register(NodeId id) {
        cluster.nodes.put(id, new Node(id, "site/rack/host", "host:1"));
    }

    private void pass(Duration duration, NodeId... heard) throws Exception {
        for (long left = duration.toMillis(); left > 0; left -= 500) {
            time.advance(Duration.ofMillis(500));
            for (NodeId node : heard) {
                heartbeats.received(new Heartbeat(node, List.of(), time.millis()));
            }
            watch.run();
        }
    }

    private Node.State state(NodeId node) {
        return cluster.nodes.get(node).state();
    }

    @Test
    void nothingIsCommittedWhileHeartbeatsArrive() throws Exception {
        pass(Duration.ofMinutes(2), A, B);
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void aSilentNodeIsDownThenLostThenBack() throws Exception {
        pass(Duration.ofSeconds(1), A, B);
        pass(Limits.DOWN_AFTER.minusMillis(500), A);
        assertThat(state(B)).isEqualTo(Node.State.UP);
        pass(Duration.ofMillis(500), A);
        assertThat(state(B)).isEqualTo(Node.State.DOWN);
        pass(LOST_AFTER.minus(Limits.DOWN_AFTER).minusMillis(500), A);
        assertThat(state(B)).isEqualTo(Node.State.DOWN);
        pass(Duration.ofMillis(500), A);
        assertThat(state(B)).isEqualTo(Node.State.LOST);
        pass(Duration.ofMillis(500), A, B);
        assertThat(state(B)).isEqualTo(Node.State.UP);
        assertThat(cluster.told)
                .containsExactly(
                        new SetNodeState(B, Node.State.DOWN),
                        new SetNodeState(B, Node.State.LOST),
                        new SetNodeState(B, Node.State.UP));
    }

    @Test
    void aNewLeaderGivesEverybodyAFullPeriod() throws Exception {
        pass(Duration.ofSeconds(4), A);
        cluster.leads = group -> false;
        pass(Duration.ofMinutes(10));
        cluster.leads = group -> true;
        pass(Limits.DOWN_AFTER, A);
        assertThat(state(B)).isEqualTo(Node.State.UP);
        pass(Duration.ofMillis(500), A);
        assertThat(state(B)).isEqualTo(Node.State.DOWN);
        pass(LOST_AFTER.minus(Limits.DOWN_AFTER).minusSeconds(1), A);
        assertThat(state(B)).isEqualTo(Node.State.DOWN);
        pass(Duration.ofSeconds(1), A);
        assertThat(state(B)).isEqualTo(Node.State.LOST);
    }

    @Test
    void aNodeThatRegistersLaterGetsAFullPeriodToo() throws Exception {
        pass(Duration.ofMinutes(1), A, B);
        NodeId late = new NodeId(new UUID(1, 3));
        register(late);
        pass(Limits.DOWN_AFTER, A, B);
        assertThat(state(late)).isEqualTo(Node.State.UP);
        pass(Duration.ofMillis(500), A, B);
        assertThat(state(late)).isEqualTo(Node.State.DOWN);
        // It starts, registers again, and begins to send.
        register(late);
        pass(Limits.DOWN_AFTER.minusSeconds(1), A, B);
        assertThat(state(late)).isEqualTo(Node.State.UP);
        pass(Duration.ofMinutes(1), A, B, late);
        assertThat(state(late)).isEqualTo(Node.State.UP);
    }

    @Test
    void aNodeThatIsNotOnTheMapIsNotRemembered() throws Exception {
        NodeId stranger = new NodeId(new UUID(7, 7));
        heartbeats.received(new Heartbeat(stranger, List.of(), time.millis()));
        watch.run();
        assertThat(heartbeats.lastHeardNanos(stranger)).isEmpty();
    }
}
