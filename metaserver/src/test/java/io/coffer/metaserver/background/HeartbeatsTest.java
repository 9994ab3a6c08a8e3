package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.Heartbeat;
import io.coffer.common.time.ClusterClock;
import io.coffer.common.time.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class HeartbeatsTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final ManualTime time = new ManualTime(Duration.ofDays(20_000).toMillis());
    private final ClusterClock clock = new ClusterClock(time);
    private final Heartbeats heartbeats = new Heartbeats(time, clock);

    /** What a node with a clock that is so far off is told, as an offset from this host's. */
    private long told(int node, long offMillis) {
        return heartbeats.received(new Heartbeat(new NodeId(new UUID(1, node)), List.of(), time.millis() + offMillis))
                - time.millis();
    }

    @Test
    void oneClockThatIsOffMovesNobody() {
        assertThat(told(0, 0)).isZero();
        assertThat(told(1, HOUR)).isZero();
        assertThat(told(2, 30)).isEqualTo(30);
        assertThat(told(1, HOUR)).isEqualTo(30);
    }

    @Test
    void aLeaderWhoseOwnClockIsOffFollowsTheOthers() {
        told(0, 0);
        told(1, -HOUR);
        assertThat(told(2, 20 - HOUR)).isEqualTo(20 - HOUR);
        clock.learn(time.millis() - HOUR);
        assertThat(told(0, 0)).isEqualTo(20 - HOUR);
    }

    @Test
    void whileFewAreHeardNothingMoves() {
        clock.learn(time.millis() - HOUR);
        assertThat(told(0, 0)).isEqualTo(-HOUR);
        assertThat(told(1, 10)).isEqualTo(-HOUR);
        assertThat(told(2, 10)).isEqualTo(10);
    }

    @Test
    void ofTwoInTheMiddleTheNearerCounts() {
        clock.learn(time.millis() - HOUR);
        told(0, 0);
        told(1, 10 - HOUR);
        told(2, -2 * HOUR);
        assertThat(told(3, 5)).isEqualTo(10 - HOUR);
    }

    @Test
    void whoIsSilentDoesNotCount() {
        told(1, HOUR);
        told(2, HOUR);
        time.advance(Limits.DOWN_AFTER);
        assertThat(told(0, 0)).isZero();
    }
}
