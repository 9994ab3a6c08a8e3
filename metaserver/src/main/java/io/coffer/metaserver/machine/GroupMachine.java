package io.coffer.metaserver.machine;

import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.query.BucketQueries;
import io.coffer.metaserver.query.GroupQueries;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.query.SystemQueries;
import io.coffer.metaserver.state.BucketState;
import io.coffer.metaserver.state.GroupState;
import io.coffer.metaserver.state.LockClock;
import io.coffer.metaserver.state.RequestWindow;
import io.coffer.metaserver.state.Stamp;
import io.coffer.metaserver.state.SystemState;
import io.coffer.metaserver.store.AppliedIndex;
import io.coffer.metaserver.store.GroupKind;
import io.coffer.metaserver.store.GroupStore;
import io.coffer.metaserver.store.StoreResources;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The replicated state of one group: what its log drives. Equal logs make equal states, however often a replica was restarted
 * in between. One thread applies; any number query, flush and take checkpoints beside it. Nobody uses it after {@link #close}.
 */
public final class GroupMachine implements AutoCloseable {
    private final GroupStore store;
    private final GroupState rules;
    private final GroupQueries queries;

    /** The last tick of the group's clock; the applier's. */
    private long clock;

    /** The applier's, too; negative before the first entry. */
    private long lockClock;

    public GroupMachine(GroupStore store, GroupState rules, GroupQueries queries) {
        this.store = store;
        this.rules = rules;
        this.queries = queries;
        Long row = store.begin().get(Tables.NUMBERS, Tables.CLOCK);
        clock = row == null ? 0 : row;
        Long lockRow = store.begin().get(Tables.NUMBERS, Tables.LOCK_CLOCK);
        lockClock = lockRow == null ? -1 : lockRow;
        queries.opened(store);
    }

    /**
     * Opens a group's state in a directory whose parent exists, or creates it.
     *
     * @param map hears of the cluster map, if it is the system group
     * @throws io.coffer.metaserver.store.StoreException if it can't be read or isn't such a group's
     */
    public static GroupMachine open(GroupId group, String directory, StoreResources resources, MapListener map) {
        return group.isSystem()
                ? new GroupMachine(
                        GroupStore.open(directory, GroupKind.SYSTEM, resources),
                        new SystemState(),
                        new SystemQueries(map))
                : new GroupMachine(
                        GroupStore.open(directory, GroupKind.BUCKET, resources),
                        new BucketState(group),
                        new BucketQueries());
    }

    /** The last entry that was applied. */
    public AppliedIndex applied() {
        return store.applied();
    }

    /**
     * Applies a log entry: all its commands that aren't refused, and its index, or nothing. An exception is a failed disk or a
     * bug: the state is as before, and the group must stop.
     *
     * @return an outcome per command, in their order
     */
    public List<Outcome> applyBatch(long term, long index, CommandBatch batch) {
        Transaction tx = store.begin();
        List<Outcome> outcomes = new ArrayList<>(batch.envelopes().size());
        long time = clock;
        long lockTime = LockClock.after(lockClock, batch.stampMicros(), watched(term, batch));
        for (CommandBatch.Envelope envelope : batch.envelopes()) {
            Stamp stamp = new Stamp(Math.max(time + 1, batch.stampMicros()), lockTime);
            outcomes.add(apply(tx, stamp, envelope));
            time = stamp.end();
        }
        tx.put(Tables.NUMBERS, Tables.CLOCK, time);
        tx.put(Tables.NUMBERS, Tables.LOCK_CLOCK, lockTime);
        queries.changing(tx);
        try {
            store.commit(tx, new AppliedIndex(term, index));
        } finally {
            queries.changed();
        }
        queries.committed();
        clock = time;
        lockClock = lockTime;
        return outcomes;
    }

    /** Time that two leaders watched one after the other would count twice: only within a term it is one and the same. */
    private long watched(long term, CommandBatch batch) {
        return store.applied().term() == term ? batch.elapsedMicros() : 0;
    }

    private Outcome apply(Transaction tx, Stamp stamp, CommandBatch.Envelope envelope) {
        RequestWindow.expire(tx, stamp);
        Outcome settled = RequestWindow.settled(tx, stamp, envelope.request());
        if (settled != null) {
            return settled;
        }
        int before = tx.mark();
        Outcome outcome;
        try {
            outcome = new Outcome.Applied(rules.apply(tx, stamp, envelope.request(), envelope.command()));
        } catch (RefusedException e) {
            tx.rollback(before);
            outcome = new Outcome.Refused(e);
        }
        RequestWindow.remember(tx, envelope.request(), outcome);
        return outcome;
    }

    /** The last tick of the group's clock, milliseconds since 1970. The applier asks. */
    public long timeMillis() {
        return TimeUnit.MICROSECONDS.toMillis(clock);
    }

    /** Answers from everything applied before the call. */
    @SuppressWarnings("unchecked") // a query's type parameter is the type of its reply
    public <R extends Reply> R answer(Query<R> query) throws RefusedException {
        return (R) queries.answer(store, query);
    }

    /** The same without waiting for a disk; empty if that can't be. */
    @SuppressWarnings("unchecked") // as above
    public <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException {
        return (Optional<R>) queries.answerFromMemory(store, query);
    }

    /** About how many bytes {@link #flush} or {@link #checkpoint} would write. */
    public long unflushedBytes() {
        return store.unflushedBytes();
    }

    /** Makes everything applied before the call durable. */
    public void flush() {
        store.flush();
    }

    /** Makes a durable copy of at least everything applied before the call in a new directory, to be opened like this one. */
    public void checkpoint(String newDirectory) {
        store.checkpoint(newDirectory);
    }

    /** Makes everything applied durable, and ends. */
    @Override
    public void close() {
        store.close();
    }
}
