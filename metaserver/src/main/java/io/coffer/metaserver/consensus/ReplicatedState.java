package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.Outcome;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * What a group's log drives: the state that all its peers compute alike. {@link #apply} is called by one thread at a time, the
 * rest by any; never after {@link #close}.
 */
public interface ReplicatedState extends Closeable {
    /** The last entry that {@link #apply} took, in this life or in what an earlier one made durable. */
    LogPosition applied();

    /**
     * Applies a batch atomically, position included. It needn't be durable on return: the log keeps it until a checkpoint has it.
     *
     * @param batch read-only
     * @return an outcome per command, in the batch's order
     */
    List<Outcome> apply(LogPosition at, ByteBuffer batch) throws IOException;

    /** Its time, milliseconds since 1970: no batch that it took was stamped later. The applying thread asks. */
    long timeMillis();

    /** Answers from everything applied so far. */
    <R extends Reply> R answer(Query<R> query) throws RefusedException;

    /** The same without waiting for a disk; empty if that can't be. */
    <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException;

    /** About how many bytes {@link #checkpoint} would write. */
    long unflushedBytes() throws IOException;

    /**
     * Makes everything applied before the call durable, here and as a copy in a new directory that shares this state's files
     * where it can and can be opened as a state of its own. The copy's files and names are durable on return. May run beside
     * {@link #apply}.
     */
    void checkpoint(String directory) throws IOException;

    /** Makes everything applied durable, and ends. */
    @Override
    void close() throws IOException;

    /** Opens, or creates, the state of a group in a directory. */
    @FunctionalInterface
    interface Opener {
        ReplicatedState open(GroupId group, String directory) throws IOException;
    }
}
