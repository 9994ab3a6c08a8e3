package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HeartbeatsTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final ManualTime time = new ManualTime(Duration.ofDays(20_000).toMillis());
    private final ClusterClock clock = new ClusterClock(time);
    private final Heartbeats heartbeats = new Heartbeats(time, clock);

    private static NodeId id(int node) {
        return new NodeId(new UUID(1, node));
    }

    /** What a node with a clock that is so far off is told, as an offset from this host's. */
    private long told(int node, long offMillis) {
        long millis = heartbeats.received(new Heartbeat(id(node), List.of(), time.millis() + offMillis));
        assertThat(millis).isNotEqualTo(Heartbeats.UNKNOWN);
        return millis - time.millis();
    }

    private void assertUntold(int node, long offMillis) {
        assertThat(heartbeats.received(new Heartbeat(id(node), List.of(), time.millis() + offMillis)))
                .isEqualTo(Heartbeats.UNKNOWN);
    }

    /** This server leads a cluster of so many nodes that are up. */
    private void lead(int nodes) {
        heartbeats.forgetAll();
        heartbeats.follow(ClusterMap.of(
                1,
                IntStream.range(0, nodes)
                        .mapToObj(node -> new Node(id(node), "s/r/" + node, "host:" + node))
                        .toList(),
                List.of(),
                List.of(),
                List.of()));
    }

    @Test
    void oneClockThatIsOffMovesNobody() {
        lead(3);
        clock.learn(time.millis());
        assertThat(told(0, 0)).isZero();
        assertThat(told(1, HOUR)).isZero();
        assertThat(told(2, 30)).isEqualTo(30);
        assertThat(told(1, HOUR)).isEqualTo(30);
    }

    @Test
    void aLeaderWhoseOwnClockIsOffFollowsTheOthers() {
        lead(3);
        assertUntold(0, 0);
        told(1, -HOUR);
        assertThat(told(2, 20 - HOUR)).isEqualTo(20 - HOUR);
        clock.learn(time.millis() - HOUR);
        assertThat(told(0, 0)).isEqualTo(20 - HOUR);
    }

    @Test
    void whoHasJustBegunToLeadKeepsTheTimeThatItWasTold() {
        clock.learn(time.millis() - HOUR);
        heartbeats.forgetAll();
        assertThat(told(0, 0)).isEqualTo(-HOUR);
        lead(5);
        assertThat(told(0, 0)).isEqualTo(-HOUR);
        assertThat(told(1, 0)).isEqualTo(-HOUR);
        assertThat(told(2, 0)).isZero();
    }

    @Test
    void aMinorityThatIsHeardFirstMovesNobody() {
        clock.learn(time.millis());
        lead(9);
        for (int wrong = 0; wrong < 4; wrong++) {
            assertThat(told(wrong, HOUR)).isZero();
        }
        for (int right = 4; right < 9; right++) {
            assertThat(told(right, 0)).isZero();
        }
    }

    @Test
    void whoWasNeverToldSaysNothingBeforeMostAreHeard() {
        heartbeats.forgetAll();
        assertUntold(0, 0);
        lead(4);
        assertUntold(0, 0);
        assertUntold(1, -HOUR);
        assertThat(told(2, 10 - HOUR)).isEqualTo(10 - HOUR);
    }

    @Test
    void theFirstNodeOfAllGoesByItsOwnClock() {
        lead(0);
        assertThat(told(0, 0)).isZero();
        lead(1);
        assertThat(told(0, 0)).isZero();
    }

    @Test
    void ofTwoInTheMiddleTheNearerCounts() {
        lead(4);
        clock.learn(time.millis() - HOUR);
        told(0, 0);
        told(1, 10 - HOUR);
        told(2, -2 * HOUR);
        assertThat(told(3, 5)).isEqualTo(10 - HOUR);
    }

    @Test
    void whoIsSilentVotesForWhatIsKnown() {
        clock.learn(time.millis());
        lead(3);
        told(1, HOUR);
        told(2, HOUR);
        time.advance(Limits.DOWN_AFTER);
        assertThat(told(0, 0)).isZero();
    }
}
