package io.coffer.common.metadata;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.PartitionId;

/** The partition a caller believes a key lives in; the group refuses with {@link Refusal#WRONG_PARTITION} if that is over. */
public record PartitionRef(BucketId bucket, PartitionId partition, long epoch) {}
