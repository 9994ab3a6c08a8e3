package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkAddress;

/** Told of chunks that can't be read or don't verify, to have them repaired; maybe more than once. Must be quick. */
@FunctionalInterface
public interface CorruptionListener {
    /** @param what is wrong, for people */
    void damaged(ChunkAddress chunk, String what);
}
