package io.coffer.metaserver.command;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Commits batches through a group's log. Thread-safe. */
@FunctionalInterface
public interface Proposer {
    /**
     * Commits a batch and applies it.
     *
     * @param batch an encoded {@code CommandBatch}, never written again by its owner
     * @return an outcome per command; fails with {@link io.coffer.common.metadata.MetadataUnavailableException} when nobody knows
     *     whether the batch is or will be applied. Continuations run on the group's applier: hand over at once.
     */
    CompletableFuture<List<Outcome>> propose(ByteBuffer batch);
}
