package io.coffer.common.chunk;

import io.coffer.common.cluster.Disk;
import io.coffer.common.id.DiskId;

/**
 * A disk as its own node sees it.
 *
 * @param liveBytes bytes of readable chunks
 * @param sequence of its last durable commit: it only rises, so a lower one than before is an old image of the disk
 * @param reason why it isn't healthy, for people; empty when it is
 */
public record DiskStatus(
        DiskId disk,
        String path,
        Disk.State state,
        long totalBytes,
        long freeBytes,
        long liveBytes,
        long sequence,
        String reason) {}
