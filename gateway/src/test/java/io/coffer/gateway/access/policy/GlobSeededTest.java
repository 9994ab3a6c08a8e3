package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Matching without going back further than one star agrees with trying everything, and a hostile pattern costs no time. */
final class GlobSeededTest {
    private static final int ROUNDS = 200_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);

    @Test
    void itAgreesWithTryingEverything() {
        int matches = 0;
        for (int round = 0; round < ROUNDS; round++) {
            String pattern = text("ab*?\ud83d\ude00", 8);
            String text = text("ab\ud83d\ude00*", 9);
            boolean expected =
                    tries(pattern.codePoints().toArray(), 0, text.codePoints().toArray(), 0);
            matches += expected ? 1 : 0;
            assertThat(Glob.of(pattern).matches(text))
                    .as("seed %d: %s on %s", seed, pattern, text)
                    .isEqualTo(expected);
        }
        assertThat(matches).isBetween(ROUNDS / 100, ROUNDS * 9 / 10);
    }

    @Test
    void aPatternMadeToGoBackTakesNoTime() {
        Glob hostile = Glob.of("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b".repeat(30));
        String key = "a".repeat(100_000);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(hostile.matches(key)).isFalse();
        }
        assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
    }

    private static boolean tries(int[] pattern, int p, int[] text, int t) {
        if (p == pattern.length) {
            return t == text.length;
        }
        if (pattern[p] == '*') {
            return tries(pattern, p + 1, text, t) || t < text.length && tries(pattern, p, text, t + 1);
        }
        return t < text.length && (pattern[p] == '?' || pattern[p] == text[t]) && tries(pattern, p + 1, text, t + 1);
    }

    private String text(String alphabet, int most) {
        int[] characters = alphabet.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most); i > 0; i--) {
            text.appendCodePoint(characters[random.nextInt(characters.length)]);
        }
        return text.toString();
    }
}
