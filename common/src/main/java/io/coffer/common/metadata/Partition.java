package io.coffer.common.metadata;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;

/**
 * A contiguous range of a bucket's keys and the group it lives in. Keys are compared as UTF-8 bytes.
 *
 * @param startKey inclusive; empty for the first partition
 * @param endKey exclusive; empty for the last partition
 * @param epoch rises whenever the range or the group changes
 */
public record Partition(PartitionId id, String startKey, String endKey, GroupId group, long epoch) {}
