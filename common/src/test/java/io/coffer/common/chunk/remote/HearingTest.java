package io.coffer.common.chunk.remote;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HearingTest {
    private static final long TICK = Limits.TICK.toNanos();
    private static final int TICKS_OF_SILENCE = (int) (Limits.SILENCE.toNanos() / TICK);

    private final Hearing hearing = new Hearing(0);

    @Test
    void aPeerThatSaysNothingForLongIsSilent() {
        for (int tick = 1; tick <= TICKS_OF_SILENCE; tick++) {
            assertThat(hearing.isSilent(tick * TICK)).isFalse();
        }
        assertThat(hearing.isSilent((TICKS_OF_SILENCE + 1) * TICK)).isTrue();
    }

    @Test
    void aPeerThatIsHeardIsNot() {
        for (int tick = 1; tick <= 10 * TICKS_OF_SILENCE; tick++) {
            hearing.heard(tick * TICK - 1);
            assertThat(hearing.isSilent(tick * TICK)).isFalse();
        }
    }

    @Test
    void whoWasAwayHimselfListensAgainBeforeHeJudges() {
        assertThat(hearing.isSilent(TICK)).isFalse();
        long back = 60 * TICK;
        assertThat(hearing.isSilent(back)).isFalse();
        for (int tick = 1; tick <= TICKS_OF_SILENCE; tick++) {
            assertThat(hearing.isSilent(back + tick * TICK)).isFalse();
        }
        assertThat(hearing.isSilent(back + (TICKS_OF_SILENCE + 1) * TICK)).isTrue();
    }
}
