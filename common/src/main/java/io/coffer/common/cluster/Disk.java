package io.coffer.common.cluster;

import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;

/**
 * A disk as the cluster sees it. {@code totalBytes} and {@code freeBytes} are what its dataserver last reported.
 *
 * @param path where its node mounts it; for people
 */
public record Disk(DiskId id, NodeId node, String path, State state, long totalBytes, long freeBytes) {
    /** What a disk is good for. */
    public enum State {
        /** Reads and writes. */
        HEALTHY,
        /** Reads and deletes; too full, or mounted read-only. */
        READ_ONLY,
        /** Neither: an fsync or the medium failed; its chunks are rebuilt elsewhere. */
        FAILED
    }
}
