package io.coffer.common.id;

import java.util.random.RandomGenerator;

/** One request of a client to a metadata group: a repeated command with the same id answers what it answered. */
public record RequestId(long high, long low) implements Comparable<RequestId> {
    /** A new id born at {@code millis} (since 1970). */
    public static RequestId create(long millis, RandomGenerator random) {
        return new RequestId(TimeOrderedId.high(millis, random.nextLong()), random.nextLong());
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it isn't 32 lower-case hex digits
     */
    public static RequestId parse(String text) {
        long[] words = TimeOrderedId.parse(text);
        return new RequestId(words[0], words[1]);
    }

    /** Milliseconds since 1970 at which the id was made. */
    public long birthMillis() {
        return TimeOrderedId.birthMillis(high);
    }

    @Override
    public int compareTo(RequestId other) {
        return TimeOrderedId.compare(high, low, other.high, other.low);
    }

    @Override
    public String toString() {
        return TimeOrderedId.hex(high, low);
    }
}
