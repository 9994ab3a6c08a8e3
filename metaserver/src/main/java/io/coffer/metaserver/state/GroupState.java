package io.coffer.metaserver.state;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.store.Transaction;

/**
 * The rules of a group: what a command does to its rows. Total, and a function of its arguments and the rows alone: no clock,
 * no chance, no thread, no I/O but the rows. Stateless, and so thread-safe.
 */
public interface GroupState {
    /**
     * Applies a command.
     *
     * @throws RefusedException if the rules don't allow it; the caller then takes back whatever was changed
     */
    Reply apply(Transaction tx, Stamp stamp, RequestId request, Command<?> command) throws RefusedException;
}
