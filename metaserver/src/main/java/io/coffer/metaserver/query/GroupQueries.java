package io.coffer.metaserver.query;

import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.Transaction;
import java.util.Optional;

/** Answers from a group's rows. Thread-safe. */
public interface GroupQueries {
    /** Answers from everything committed before the call, and maybe from what is committed meanwhile; all of one moment. */
    Reply answer(GroupStore store, Query<?> query) throws RefusedException;

    /** The same without waiting for a disk; empty if that can't be, or isn't known to be. */
    default Optional<Reply> answerFromMemory(GroupStore store, Query<?> query) throws RefusedException {
        return Optional.empty();
    }

    /** The rows are there; the applier begins. */
    default void opened(GroupStore store) {}

    /** The applier is about to commit: what is remembered of the rows it changes no longer counts. */
    default void changing(Transaction changes) {}

    /** The applier has committed, or given up. */
    default void changed() {}

    /** The applier has committed. */
    default void committed() {}
}
