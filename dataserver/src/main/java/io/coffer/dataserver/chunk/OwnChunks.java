package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;

/** This node's chunks, to be brought up to what the other nodes have. */
public interface OwnChunks extends ChunkStore {
    /** Opens a writer for a chunk that may exist: once committed, it takes the place of what is there. For repair. */
    ChunkWriter replace(ChunkDescriptor descriptor) throws ChunkException;
}
