package io.coffer.metaserver.model;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;

/**
 * A partition that this group serves, or served.
 *
 * @param uploadsAfter uploads with a lower sequence were aborted when the partition was closed
 * @param settings of the bucket, as far as the partition was told
 */
public record StoredPartition(
        BucketId bucket, Partition partition, boolean closed, long uploadsAfter, PartitionSettings settings) {
    public boolean contains(String key) {
        return KeyOrder.compare(partition.startKey(), key) <= 0
                && (partition.endKey().isEmpty() || KeyOrder.compare(key, partition.endKey()) < 0);
    }

    public StoredPartition closedAt(long sequence) {
        return new StoredPartition(bucket, partition, true, sequence, settings);
    }

    public StoredPartition reopened() {
        return new StoredPartition(bucket, partition, false, uploadsAfter, settings);
    }

    public StoredPartition withSettings(PartitionSettings newSettings) {
        return new StoredPartition(bucket, partition, closed, uploadsAfter, newSettings);
    }
}
