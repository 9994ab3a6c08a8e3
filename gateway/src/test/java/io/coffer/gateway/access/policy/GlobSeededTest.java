package io.coffer.gateway.access.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    /** Over more states than a word has bits, and both ways. */
    @Test
    void longOnesAgreeToo() {
        int matches = 0;
        for (int round = 0; round < ROUNDS / 10; round++) {
            String text = text("aaaaab\ud83d\ude00", 300);
            String pattern = random.nextInt(3) == 0 ? text("aaaaab*?", 300) : worn(text);
            boolean expected =
                    fills(pattern.codePoints().toArray(), text.codePoints().toArray());
            matches += expected ? 1 : 0;
            Glob glob = Glob.of(pattern);
            assertThat(glob.matches(text))
                    .as("seed %d: %s on %s", seed, pattern, text)
                    .isEqualTo(expected);
            assertThat(glob.matchesSideBySide(text, 0, text.length()))
                    .as("seed %d: %s on %s, side by side", seed, pattern, text)
                    .isEqualTo(expected);
        }
        assertThat(matches).isGreaterThan(ROUNDS / 100);
    }

    /** The text with wildcards for some of it. */
    private String worn(String text) {
        StringBuilder pattern = new StringBuilder();
        for (int c : text.codePoints().toArray()) {
            switch (random.nextInt(12)) {
                case 0 -> pattern.append('?');
                case 1 -> pattern.append('*');
                case 2 -> pattern.appendCodePoint(c).append('*');
                default -> pattern.appendCodePoint(c);
            }
        }
        return pattern.toString();
    }

    /** What every beginning of the pattern fills, token by token. */
    private static boolean fills(int[] pattern, int[] text) {
        boolean[] filled = new boolean[text.length + 1];
        filled[0] = true;
        for (int token : pattern) {
            boolean[] next = new boolean[text.length + 1];
            for (int t = 0; t <= text.length; t++) {
                next[t] = token == '*'
                        ? filled[t] || t > 0 && next[t - 1]
                        : t > 0 && filled[t - 1] && (token == '?' || token == text[t - 1]);
            }
            filled = next;
        }
        return filled[text.length];
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*a",
                "*aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaaaaaaaaaaa?aaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void aPatternMadeToGoBackTakesNoTime(String hostile) {
        Glob glob = Glob.of("*" + hostile.repeat(10_000 / hostile.length()) + "b*");
        String text = "a".repeat(50_000);
        long start = System.nanoTime();
        for (int i = 0; i < 20; i++) {
            assertThat(glob.matches(text)).isFalse();
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
