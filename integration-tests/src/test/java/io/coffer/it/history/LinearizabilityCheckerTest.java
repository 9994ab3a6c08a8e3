package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.history.KeyOperation.Effect;
import io.coffer.it.history.KeyOperation.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
    private final List<KeyOperation> history = new ArrayList<>();

    @Test
    void aReadMaySeeEitherSideOfAWriteItOverlaps() {
        add(0, 10, new Effect.Write("a"));
        add(20, 40, new Effect.Write("b"));
        add(25, 35, new Effect.Read("a"));
        add(25, 36, new Effect.Read("b"));
        assertLinearizable(true);
    }

    @Test
    void aReadAfterAWriteMustSeeIt() {
        add(0, 10, new Effect.Write("a"));
        add(11, 20, new Effect.Write("b"));
        add(21, 30, new Effect.Read("a"));
        assertLinearizable(false);
    }

    @Test
    void readsMayNotGoBackInTime() {
        add(0, 10, new Effect.Write("a"));
        add(20, 100, new Effect.Write("b"));
        add(30, 40, new Effect.Read("b"));
        add(50, 60, new Effect.Read("a"));
        assertLinearizable(false);
    }

    @Test
    void aLostWriteIsFound() {
        add(0, 10, new Effect.Write("a"));
        add(20, 30, new Effect.Read(null));
        assertLinearizable(false);
    }

    @Test
    void anUnknownWriteMayHappenLateOrNever() {
        add(0, 10, new Effect.Write("a"));
        add(20, KeyOperation.NEVER, new Effect.Write("b"));
        add(30, 40, new Effect.Read("a"));
        assertLinearizable(true);
        add(50, 60, new Effect.Read("b"));
        assertLinearizable(true);
        add(70, 80, new Effect.Read("a"));
        assertLinearizable(false);
    }

    @Test
    void ofTwoConditionalWritesOnlyOneMayWin() {
        add(0, 10, new Effect.ConditionalWrite(null, "a", Outcome.DONE));
        add(0, 11, new Effect.ConditionalWrite(null, "b", Outcome.FAILED));
        assertLinearizable(true);
        add(0, 12, new Effect.ConditionalWrite(null, "c", Outcome.DONE));
        assertLinearizable(false);
    }

    @Test
    void aConditionalWriteNeedsItsExpectedValue() {
        add(0, 10, new Effect.Write("a"));
        add(20, 30, new Effect.ConditionalWrite("a", "b", Outcome.DONE));
        add(40, 50, new Effect.ConditionalWrite("a", "c", Outcome.FAILED));
        add(60, 70, new Effect.Delete());
        add(80, 90, new Effect.ConditionalWrite("b", "d", Outcome.MISSING));
        assertLinearizable(true);
        add(100, 110, new Effect.ConditionalWrite("b", "d", Outcome.DONE));
        assertLinearizable(false);
    }

    @Test
    void historiesOfARealRegisterPassAndOneWrongReadFails() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            history.clear();
            long time = 0;
            String value = null;
            for (int i = 0; i < 400; i++) {
                time += random.nextInt(10);
                long called = Math.max(0, time - random.nextInt(12));
                long returned = time + 1 + random.nextInt(12);
                switch (random.nextInt(4)) {
                    case 0 -> {
                        value = "v" + i;
                        add(called, random.nextInt(100) == 0 ? KeyOperation.NEVER : returned, new Effect.Write(value));
                    }
                    case 1 -> {
                        value = null;
                        add(called, returned, new Effect.Delete());
                    }
                    case 2 -> {
                        String expected = random.nextBoolean() ? value : "other";
                        boolean done = java.util.Objects.equals(expected, value);
                        Outcome outcome = done ? Outcome.DONE : value == null ? Outcome.MISSING : Outcome.FAILED;
                        add(called, returned, new Effect.ConditionalWrite(expected, "c" + i, outcome));
                        value = done ? "c" + i : value;
                    }
                    default -> add(called, returned, new Effect.Read(value));
                }
                time += 1;
            }
            assertThat(LinearizabilityChecker.findViolation(history))
                    .as("seed %s", seed)
                    .isEmpty();
            add(time + 100, time + 101, new Effect.Read("never written"));
            assertLinearizable(false);
        }
    }

    private void add(long called, long returned, Effect effect) {
        history.add(new KeyOperation("k", 0, called, returned, effect));
    }

    private void assertLinearizable(boolean expected) {
        @Nullable
        String violation = LinearizabilityChecker.findViolation(history).orElse(null);
        assertThat(violation == null).as("%s", violation).isEqualTo(expected);
    }
}
