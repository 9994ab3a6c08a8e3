package io.coffer.metaserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.time.ManualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class AdmissionLimitTest {
    private final ManualTime time = new ManualTime(0);
    private final AdmissionLimit limit = new AdmissionLimit(time);

    private int enter(int attempts) {
        int entered = 0;
        for (int i = 0; i < attempts; i++) {
            if (limit.tryEnter()) {
                limit.leave();
                entered++;
            }
        }
        return entered;
    }

    @Test
    void onlySoManyAreAnsweredAtOneTime() {
        for (int i = 0; i < AdmissionLimit.CONCURRENT; i++) {
            assertThat(limit.tryEnter()).isTrue();
        }
        assertThat(limit.tryEnter()).isFalse();
        limit.leave();
        assertThat(limit.tryEnter()).isTrue();
    }

    @Test
    void aBurstIsFollowedByARate() {
        assertThat(enter(1000)).isEqualTo(AdmissionLimit.BURST);
        time.advance(Duration.ofSeconds(2));
        assertThat(enter(1000)).isEqualTo(2 * AdmissionLimit.RATE);
    }

    @Test
    void aQuietTimeAllowsNoMoreThanABurst() {
        enter(1000);
        time.advance(Duration.ofDays(1));
        assertThat(enter(1000)).isEqualTo(AdmissionLimit.BURST);
    }
}
