package io.coffer.common.chunk;

/** Why a chunk operation was refused or failed. */
public enum ChunkError {
    /** The disk holds no such chunk. */
    NOT_FOUND,
    /** A stored checksum doesn't match: the bytes were not returned. The disk has queued the chunk for repair. */
    CORRUPT,
    /** The bytes written don't have the checksums the writer named; nothing was kept. */
    CHECKSUM_MISMATCH,
    /** The caller's volume epoch is older than the disk's. */
    STALE_EPOCH,
    /** The chunk exists already: an extent id is never written twice. */
    EXISTS,
    /** The disk is too full for writes. */
    DISK_FULL,
    /** The disk is mounted read-only or set so. */
    READ_ONLY,
    /** The disk failed or is absent. */
    DISK_FAILED,
    /** Too much in flight; try again. */
    OVERLOADED,
    /** The node didn't answer in time. */
    UNAVAILABLE
}
