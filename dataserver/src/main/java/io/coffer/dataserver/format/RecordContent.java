package io.coffer.dataserver.format;

import io.coffer.common.cluster.ProtectionScheme;

/** What a record holds. */
public sealed interface RecordContent {
    /**
     * A chunk's bytes.
     *
     * @param version the highest version of a chunk on a disk is the one that counts
     */
    record Chunk(ChunkKey key, long volumeEpoch, long version, ProtectionScheme scheme, long extentLength)
            implements RecordContent {}

    /** Entries of {@link Mark}. */
    record Marks() implements RecordContent {}
}
