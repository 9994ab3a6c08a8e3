package io.coffer.common.id;

import java.util.random.RandomGenerator;

/** A multipart upload; in S3's answers it is written as 32 hex digits. */
public record UploadId(long high, long low) implements Comparable<UploadId> {
    /** A new id born at {@code millis} (since 1970). */
    public static UploadId create(long millis, RandomGenerator random) {
        return new UploadId(TimeOrderedId.high(millis, random.nextLong()), random.nextLong());
    }

    /**
     * Parses the text form.
     *
     * @throws IllegalArgumentException if it isn't 32 lower-case hex digits
     */
    public static UploadId parse(String text) {
        long[] words = TimeOrderedId.parse(text);
        return new UploadId(words[0], words[1]);
    }

    /** Milliseconds since 1970 at which the id was made. */
    public long birthMillis() {
        return TimeOrderedId.birthMillis(high);
    }

    @Override
    public int compareTo(UploadId other) {
        return TimeOrderedId.compare(high, low, other.high, other.low);
    }

    @Override
    public String toString() {
        return TimeOrderedId.hex(high, low);
    }
}
