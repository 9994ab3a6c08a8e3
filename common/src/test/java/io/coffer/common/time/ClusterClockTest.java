package io.coffer.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class ClusterClockTest {
    private static final long HOUR = Duration.ofHours(1).toMillis();

    private final ManualTime own = new ManualTime(Duration.ofDays(20_000).toMillis());
    private final ClusterClock clock = new ClusterClock(own);

    @Test
    void aClockThatIsFarOffIsPutRightAndGoesOn() {
        clock.learn(own.millis() + HOUR);
        assertThat(clock.millis()).isEqualTo(own.millis() + HOUR);
        own.advance(Duration.ofSeconds(10));
        assertThat(clock.millis()).isEqualTo(own.millis() + HOUR);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(own.millis() + HOUR));
        clock.learn(own.millis() - HOUR);
        assertThat(clock.offsetMillis()).isEqualTo(-HOUR);
        clock.learn(own.millis());
        assertThat(clock.offsetMillis()).isZero();
    }

    @Test
    void whatTheNetworkAddsDoesNotMakeItJump() {
        clock.learn(own.millis() + 1999);
        assertThat(clock.offsetMillis()).isZero();
        clock.learn(own.millis() + HOUR);
        clock.learn(own.millis() + HOUR + 1500);
        clock.learn(own.millis() + HOUR - 1500);
        assertThat(clock.offsetMillis()).isEqualTo(HOUR);
    }
}
