package io.coffer.common.id;

/** A bucket, for ever: ids are handed out by the system group in ascending order and never used again. */
public record BucketId(long value) implements Comparable<BucketId> {
    public BucketId {
        if (value <= 0) {
            throw new IllegalArgumentException("bucket id must be positive: " + value);
        }
    }

    @Override
    public int compareTo(BucketId other) {
        return Long.compare(value, other.value);
    }
}
