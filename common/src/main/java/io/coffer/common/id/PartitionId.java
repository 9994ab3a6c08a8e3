package io.coffer.common.id;

/** A contiguous range of one bucket's keys; unique in the cluster, never used again. */
public record PartitionId(long value) implements Comparable<PartitionId> {
    public PartitionId {
        if (value <= 0) {
            throw new IllegalArgumentException("PartitionId must be positive: " + value);
        }
    }

    @Override
    public int compareTo(PartitionId other) {
        return Long.compare(value, other.value);
    }
}
