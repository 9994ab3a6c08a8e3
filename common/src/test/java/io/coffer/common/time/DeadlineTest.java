package io.coffer.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private final ManualTime time = new ManualTime(1_000);

    @Test
    void aDeadlineRunsDownAndExpires() {
        Deadline deadline = Deadline.after(time, Duration.ofSeconds(10));
        assertThat(deadline.remaining()).isEqualTo(Duration.ofSeconds(10));
        assertThat(deadline.isExpired()).isFalse();
        time.advance(Duration.ofSeconds(9));
        assertThat(deadline.remainingNanos()).isEqualTo(1_000_000_000);
        time.advance(Duration.ofSeconds(1));
        assertThat(deadline.isExpired()).isTrue();
        time.advance(Duration.ofDays(1));
        assertThat(deadline.remaining()).isZero();
    }

    @Test
    void aStepTakesNoLongerThanTheWhole() {
        Deadline whole = Deadline.after(time, Duration.ofSeconds(10));
        assertThat(whole.atMost(Duration.ofSeconds(3)).remaining()).isEqualTo(Duration.ofSeconds(3));
        assertThat(whole.atMost(Duration.ofSeconds(30)).remaining()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void extremesDontOverflow() {
        Ticker nearWrap = () -> Long.MAX_VALUE - 5;
        assertThat(Deadline.after(nearWrap, Duration.ofNanos(100)).remainingNanos())
                .isEqualTo(100);
        assertThat(Deadline.after(nearWrap, Duration.ofSeconds(Long.MAX_VALUE)).isExpired())
                .isFalse();
        assertThat(Deadline.after(nearWrap, Duration.ofSeconds(-5)).isExpired()).isTrue();
    }

    @Test
    void theWallMayJumpButTheTickerGoesOn() {
        time.advance(Duration.ofNanos(1_500_000));
        time.advance(Duration.ofNanos(600_000));
        assertThat(time.millis()).isEqualTo(1_002);
        assertThat(time.nanos()).isEqualTo(2_100_000);
        time.setWallMillis(5);
        assertThat(time.now()).isEqualTo(Instant.ofEpochMilli(5));
        assertThat(time.nanos()).isEqualTo(2_100_000);
        assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1))).isInstanceOf(IllegalArgumentException.class);
    }
}
