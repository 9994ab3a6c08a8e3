package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.disk.CommitOutcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** A mark on its way to the disk, for whoever wants to wait for it. */
abstract class AwaitedCommit implements CommitOutcome {
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    /** On the committer's thread, before {@link #await} returns. */
    abstract void settled(@Nullable ChunkException failure);

    @Override
    public final void durable() {
        settled(null);
        over.complete(null);
    }

    @Override
    public final void failed(ChunkException why) {
        settled(why);
        over.completeExceptionally(why);
    }

    /** Returns once it is durable. */
    final void await() throws ChunkException {
        try {
            over.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ChunkException known
                    ? known
                    : new ChunkException(ChunkError.DISK_FAILED, "a mark failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        }
    }
}
