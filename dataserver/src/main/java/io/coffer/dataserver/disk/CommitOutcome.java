package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkException;

/** Told what became of a commit, once, on the committer's thread: it must be quick, mustn't wait and mustn't throw. */
public interface CommitOutcome {
    void durable();

    void failed(ChunkException why);
}
