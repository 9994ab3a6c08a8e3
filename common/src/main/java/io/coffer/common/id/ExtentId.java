package io.coffer.common.id;

import java.util.random.RandomGenerator;

/** An immutable run of one object's bytes. The id carries its birth time, so that a commit that names too old an extent can be refused. */
public record ExtentId(long high, long low) implements Comparable<ExtentId> {
    /** A new id born at {@code millis} (since 1970). */
    public static ExtentId create(long millis, RandomGenerator random) {
        return new ExtentId(TimeOrderedId.high(millis, random.nextLong()), random.nextLong());
    }

    /** The greatest id of those born before {@code millis}, which is positive: a list behind it begins at that time. */
    public static ExtentId lastBefore(long millis) {
        return new ExtentId(TimeOrderedId.high(millis, 0) - 1, -1);
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it isn't 32 lower-case hex digits
     */
    public static ExtentId parse(String text) {
        long[] words = TimeOrderedId.parse(text);
        return new ExtentId(words[0], words[1]);
    }

    /** Milliseconds since 1970 at which the id was made. */
    public long birthMillis() {
        return TimeOrderedId.birthMillis(high);
    }

    @Override
    public int compareTo(ExtentId other) {
        return TimeOrderedId.compare(high, low, other.high, other.low);
    }

    @Override
    public String toString() {
        return TimeOrderedId.hex(high, low);
    }
}
