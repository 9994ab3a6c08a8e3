package io.coffer.gateway.access.policy;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * A text with wildcards: {@code *} for any number of characters, {@code ?} for one. Immutable.
 *
 * <p>A mismatch goes back to the last {@code *} only, because whatever an earlier one could take, the last can take as well. That takes
 * (length of the text) × (longest stretch without {@code *}) steps at worst, which somebody could make minutes of with a thousand long
 * keys. So what takes more than a few steps per character begins again with all that could be matched so far side by side, one bit each.
 */
final class Glob {
    static final int MANY = -1;
    static final int ONE = -2;

    /** Few enough to cost nothing, enough for what people write. */
    private static final int STEPS_PER_CHARACTER = 8;

    private final int[] tokens;
    private final int least;

    /** @param tokens code points, {@link #MANY} and {@link #ONE} */
    Glob(int[] tokens) {
        this.tokens = tokens.clone();
        this.least = (int) Arrays.stream(tokens).filter(token -> token != MANY).count();
    }

    /** Every {@code *} and {@code ?} is a wildcard. */
    static Glob of(String pattern) {
        return new Glob(pattern.codePoints()
                .map(c -> switch (c) {
                    case '*' -> MANY;
                    case '?' -> ONE;
                    default -> c;
                })
                .toArray());
    }

    boolean matches(String text) {
        return matches(text, 0, text.length());
    }

    /** Whether the part of the text matches. */
    boolean matches(String text, int from, int to) {
        // A code point is one or two characters.
        if (to - from < least) {
            return false;
        }
        int at = from;
        int token = 0;
        int star = -1;
        int taken = from;
        int steps = STEPS_PER_CHARACTER * (to - from);
        while (at < to) {
            if (steps-- == 0) {
                return matchesSideBySide(text, from, to);
            }
            int c = text.codePointAt(at);
            if (token < tokens.length && tokens[token] == MANY) {
                star = token++;
                taken = at;
            } else if (token < tokens.length && (tokens[token] == c || tokens[token] == ONE)) {
                token++;
                at += Character.charCount(c);
            } else if (star >= 0) {
                token = star + 1;
                taken += Character.charCount(text.codePointAt(taken));
                at = taken;
            } else {
                return false;
            }
        }
        while (token < tokens.length && tokens[token] == MANY) {
            token++;
        }
        return token == tokens.length;
    }

    /** Bit {@code i} says whether the text so far can be what the first {@code i} tokens beside {@link #MANY} match. */
    boolean matchesSideBySide(String text, int from, int to) {
        int words = least / Long.SIZE + 1;
        long[] active = new long[words];
        long[] staying = new long[words];
        active[0] = 1;
        int state = 0;
        for (int token : tokens) {
            if (token == MANY) {
                staying[state / Long.SIZE] |= 1L << state;
            } else {
                state++;
            }
        }
        Map<Integer, long[]> moving = new HashMap<>();
        for (int at = from; at < to; ) {
            int c = text.codePointAt(at);
            at += Character.charCount(c);
            long[] mask = moving.computeIfAbsent(c, this::statesThatTake);
            long carry = 0;
            long any = 0;
            for (int i = 0; i < words; i++) {
                long moved = active[i] & mask[i];
                active[i] = moved << 1 | carry | active[i] & staying[i];
                carry = moved >>> (Long.SIZE - 1);
                any |= active[i];
            }
            if (any == 0) {
                return false;
            }
        }
        return (active[least / Long.SIZE] >>> least & 1) != 0;
    }

    private long[] statesThatTake(int c) {
        long[] states = new long[least / Long.SIZE + 1];
        int state = 0;
        for (int token : tokens) {
            if (token != MANY) {
                if (token == c || token == ONE) {
                    states[state / Long.SIZE] |= 1L << state;
                }
                state++;
            }
        }
        return states;
    }
}
