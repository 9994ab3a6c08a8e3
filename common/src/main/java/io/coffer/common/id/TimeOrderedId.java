package io.coffer.common.id;

import java.util.HexFormat;

/**
 * The bits behind the ids that carry their birth: 48 bits of milliseconds since 1970, then 80 random bits. Ids sort by
 * birth when compared as unsigned 128-bit numbers, which is also the order of {@link #hex}.
 */
final class TimeOrderedId {
    private static final long MILLIS_LIMIT = 1L << 48;

    private TimeOrderedId() {}

    /** The high word of an id born at {@code millis}, completed with 16 of {@code random}'s bits. */
    static long high(long millis, long random) {
        if (millis < 0 || millis >= MILLIS_LIMIT) {
            throw new IllegalArgumentException("time out of range: " + millis);
        }
        return millis << 16 | random & 0xffff;
    }

    static long birthMillis(long high) {
        return high >>> 16;
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int byHigh = Long.compareUnsigned(high, otherHigh);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, otherLow);
    }

    static String hex(long high, long low) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(high) + hex.toHexDigits(low);
    }

    /** The high and low word of 32 lower-case hex digits. */
    static long[] parse(String text) {
        if (text.length() != 32) {
            throw new IllegalArgumentException("an id has 32 hex digits");
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                throw new IllegalArgumentException("an id has 32 hex digits");
            }
        }
        return new long[] {HexFormat.fromHexDigitsToLong(text, 0, 16), HexFormat.fromHexDigitsToLong(text, 16, 32)};
    }
}
