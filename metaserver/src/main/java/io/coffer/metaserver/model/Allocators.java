package io.coffer.metaserver.model;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VolumeId;

/** The ids the system group has handed out, in ascending order, never again; and the revision of its cluster map. */
public record Allocators(long lastBucket, long lastPartition, long lastVolume, long clusterRevision) {
    public static final Allocators NONE = new Allocators(0, 0, 0, 0);

    /** After a bucket with its first partition. */
    public Allocators nextBucket() {
        return new Allocators(lastBucket + 1, lastPartition + 1, lastVolume, clusterRevision);
    }

    public Allocators nextVolume() {
        return new Allocators(lastBucket, lastPartition, lastVolume + 1, clusterRevision);
    }

    public Allocators nextRevision() {
        return new Allocators(lastBucket, lastPartition, lastVolume, clusterRevision + 1);
    }

    public BucketId bucket() {
        return new BucketId(lastBucket);
    }

    public PartitionId partition() {
        return new PartitionId(lastPartition);
    }

    public VolumeId volume() {
        return new VolumeId(lastVolume);
    }
}
