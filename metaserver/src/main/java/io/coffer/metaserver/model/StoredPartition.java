package io.coffer.metaserver.model;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.Partition;

/**
 * A partition that this group serves, or served.
 *
 * @param uploadsAfter uploads with a lower sequence were aborted when the partition was closed
 */
public record StoredPartition(BucketId bucket, Partition partition, boolean closed, long uploadsAfter) {
    public boolean contains(String key) {
        return KeyOrder.compare(partition.startKey(), key) <= 0
                && (partition.endKey().isEmpty() || KeyOrder.compare(key, partition.endKey()) < 0);
    }
}
