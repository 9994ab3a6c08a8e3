package io.coffer.common.id;

/** A placement group: a protection scheme and its ordered members. */
public record VolumeId(long value) implements Comparable<VolumeId> {
    public VolumeId {
        if (value <= 0) {
            throw new IllegalArgumentException("VolumeId must be positive: " + value);
        }
    }

    @Override
    public int compareTo(VolumeId other) {
        return Long.compare(value, other.value);
    }
}
