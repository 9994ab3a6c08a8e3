package io.coffer.gateway.access.policy;

import java.util.Arrays;

/**
 * A text with wildcards: {@code *} for any number of characters, {@code ?} for one. Immutable.
 *
 * <p>A mismatch goes back to the last {@code *} only, because whatever an earlier one could take, the last can take as well. So a match
 * takes at most (length of the text) × (longest stretch without {@code *}) steps, and a pattern that is longer than its text none.
 */
final class Glob {
    static final int MANY = -1;
    static final int ONE = -2;

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
        while (at < to) {
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
}
