package io.coffer.metaserver.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LockClockTest {
    private static final long NOW = TimeUnit.DAYS.toMicros(20_000);
    private static final long SECOND = TimeUnit.SECONDS.toMicros(1);
    private static final long YEAR = TimeUnit.DAYS.toMicros(365);

    @Test
    void startsWithTheTimeOfDayAndGoesOnWithIt() {
        assertThat(LockClock.after(-1, NOW, 0)).isEqualTo(NOW);
        assertThat(LockClock.after(NOW, NOW + SECOND, SECOND)).isEqualTo(NOW + SECOND);
    }

    @Test
    void aClockThatIsSetAheadDoesNotMoveIt() {
        long after = LockClock.after(NOW, NOW + YEAR, SECOND);
        assertThat(after - NOW).isBetween(SECOND, 2 * SECOND);
        for (int i = 0; i < 1000; i++) {
            after = LockClock.after(after, NOW + (i + 2) * YEAR, SECOND);
        }
        assertThat(after - NOW).isLessThan(1100 * SECOND);
    }

    @Test
    void neverGoesBackNorAheadOfTheTimeOfDay() {
        assertThat(LockClock.after(NOW, NOW - YEAR, SECOND)).isEqualTo(NOW);
        assertThat(LockClock.after(NOW, NOW + SECOND, YEAR)).isEqualTo(NOW + SECOND);
        assertThat(LockClock.after(NOW, NOW + SECOND, -YEAR)).isEqualTo(NOW);
    }

    @Test
    void makesUpForTimeThatNobodyWatched() {
        // Off for a week; then a year that is watched brings that week back.
        long week = TimeUnit.DAYS.toMicros(7);
        long late = LockClock.after(NOW, NOW + week, 0);
        assertThat(late).isEqualTo(NOW);
        assertThat(LockClock.after(late, NOW + week + YEAR, YEAR)).isEqualTo(NOW + week + YEAR);
        assertThat(LockClock.after(late, NOW + week + week, week)).isLessThan(NOW + week + week);
    }
}
