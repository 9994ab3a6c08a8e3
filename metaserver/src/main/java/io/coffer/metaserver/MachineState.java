package io.coffer.metaserver;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.CommandBatchCodec;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.consensus.LogPosition;
import io.coffer.metaserver.consensus.ReplicatedState;
import io.coffer.metaserver.machine.GroupMachine;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.store.AppliedIndex;
import io.coffer.metaserver.store.StoreException;
import io.coffer.metaserver.store.StoreResources;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** A group's machine, as its log drives it. */
final class MachineState implements ReplicatedState {
    private final GroupMachine machine;

    private MachineState(GroupMachine machine) {
        this.machine = machine;
    }

    static MachineState open(GroupId group, String directory, StoreResources resources, MapListener map)
            throws IOException {
        try {
            return new MachineState(GroupMachine.open(group, directory, resources, map));
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public LogPosition applied() {
        AppliedIndex applied = machine.applied();
        return new LogPosition(applied.term(), applied.index());
    }

    @Override
    public List<Outcome> apply(LogPosition at, ByteBuffer batch) {
        return machine.applyBatch(at.term(), at.index(), CommandBatchCodec.decode(batch));
    }

    @Override
    public long timeMillis() {
        return machine.timeMillis();
    }

    @Override
    public <R extends Reply> R answer(Query<R> query) throws RefusedException {
        return machine.answer(query);
    }

    @Override
    public <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException {
        return machine.answerFromMemory(query);
    }

    @Override
    public long unflushedBytes() throws IOException {
        try {
            return machine.unflushedBytes();
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void checkpoint(String directory) throws IOException {
        try {
            machine.checkpoint(directory);
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            machine.close();
        } catch (StoreException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
