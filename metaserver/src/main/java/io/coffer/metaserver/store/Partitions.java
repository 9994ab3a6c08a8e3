package io.coffer.metaserver.store;

import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.metaserver.model.StoredPartition;

/** Finds the partition a caller means. */
public final class Partitions {
    private Partitions() {}

    /**
     * The partition, which is open.
     *
     * @throws RefusedException WRONG_PARTITION if the caller's map is stale, NO_SUCH_BUCKET if the partition was closed
     */
    public static StoredPartition require(Reader reader, PartitionRef ref) throws RefusedException {
        StoredPartition stored = find(reader, ref);
        if (stored.closed()) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        if (stored.partition().epoch() != ref.epoch()) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        return stored;
    }

    /** The same, but the partition may have been closed or changed. */
    public static StoredPartition find(Reader reader, PartitionRef ref) throws RefusedException {
        StoredPartition stored = reader.get(Tables.PARTITIONS, Keys.partition(ref.partition()));
        if (stored == null || !stored.bucket().equals(ref.bucket())) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        return stored;
    }

    /** The open partition, which holds the key. */
    public static StoredPartition require(Reader reader, PartitionRef ref, String key) throws RefusedException {
        StoredPartition stored = require(reader, ref);
        if (!stored.contains(key)) {
            throw new RefusedException(Refusal.WRONG_PARTITION);
        }
        return stored;
    }
}
