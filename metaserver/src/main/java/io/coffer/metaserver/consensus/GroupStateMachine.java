package io.coffer.metaserver.consensus;

import io.coffer.common.id.GroupId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.metaserver.command.Outcome;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.StampedLock;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.server.storage.RaftStorageDirectory;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Ratis drives for one group: the state in {@code store}, its checkpoints in {@code sm}.
 *
 * <p>Ratis starts to apply behind the newest checkpoint, while the state may have kept more; entries it has already are skipped.
 * Invariants: the state never goes back; the log starts no later than behind the newest checkpoint; an apply that fails ends
 * the group on this server: neither its batch nor a later one is in the state, and no query is answered any more.
 *
 * <p>Ratis' thread that applies closes its division when it catches anything; if somebody else is closing it by then, that thread turns
 * in circles for ever, and the close never ends. So nothing is thrown at it, with one exception: see {@link #closesItself}.
 *
 * <p>One thread of Ratis applies. Any thread queries and one takes checkpoints, beside it. {@link #pause} waits for all of them.
 */
final class GroupStateMachine extends BaseStateMachine {
    private static final Logger LOG = LoggerFactory.getLogger(GroupStateMachine.class);
    private static final String STATE = "store";
    private static final CompletableFuture<Message> DONE = CompletableFuture.completedFuture(Message.EMPTY);

    /** What the group's owner hears. Called by Ratis' threads: return at once. */
    interface Listener {
        /** The log has grown so much since the last checkpoint that it is time for one. */
        void checkpointDue();

        /** The group can't go on here. Called once. */
        void failed(GroupStateMachine failed, Throwable why);
    }

    private final GroupId group;
    private final FileSystem directory;
    private final ReplicatedState.Opener opener;
    private final RaftSettings settings;
    private final Listener listener;
    private final Checkpoints checkpoints;

    /** Held for reading while the state is used, for writing while it is replaced or closed. */
    private final StampedLock guard = new StampedLock();

    /** Held while a checkpoint is taken; before {@link #guard}. */
    private final ReentrantLock checkpointing = new ReentrantLock();

    private @Nullable ReplicatedState state;

    private volatile long timeMillis;
    private volatile @Nullable Throwable failure;
    private volatile boolean closesItself;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();

    // Used by the applier alone.
    private long seenIndex = LogPosition.NONE.index();
    private long bytesSinceCheckpoint;
    private long commandsSinceCheckpoint;

    /** When the newest checkpoint was announced, or this was made. */
    private volatile long checkpointNanos = System.nanoTime();

    /** A checkpoint on disk that Ratis hasn't been told of. */
    private volatile LogPosition unannounced = LogPosition.NONE;

    GroupStateMachine(
            GroupId group,
            FileSystem directory,
            ReplicatedState.Opener opener,
            RaftSettings settings,
            Listener listener) {
        this.group = group;
        this.directory = directory;
        this.opener = opener;
        this.settings = settings;
        this.listener = listener;
        this.checkpoints = new Checkpoints(directory);
    }

    // Life

    @Override
    public void initialize(RaftServer server, RaftGroupId id, RaftStorage storage) throws IOException {
        super.initialize(server, id, storage);
        getLifeCycle()
                .startAndTransition(
                        () -> {
                            install();
                            LogTail.repair(
                                    directory.subdirectory(RaftStorageDirectory.CURRENT_DIR_NAME),
                                    getLastAppliedTermIndex().getIndex());
                        },
                        IOException.class);
    }

    /** The state's time, as of the last entry applied. */
    long timeMillis() {
        return timeMillis;
    }

    /** Opens the state, or what was received in its place. */
    private void install() throws IOException {
        long stamp = guard.writeLock();
        try {
            ReplicatedState opened = openNewest();
            state = opened;
            timeMillis = opened.timeMillis();
            LogPosition checkpoint = checkpoints.newest().orElse(LogPosition.NONE);
            if (checkpoint.isNone() && !opened.applied().isNone()) {
                checkpoint = checkpoints.take(opened);
            }
            if (!checkpoint.isNone()) {
                checkpoints.announce(checkpoint);
            }
            seenIndex = checkpoint.index();
            setLastAppliedTermIndex(
                    opened.applied().isNone()
                            ? TermIndex.INITIAL_VALUE
                            : opened.applied().toTermIndex());
            LOG.info("group {}: state at {}, checkpoint at {}", group.value(), opened.applied(), checkpoint);
        } finally {
            guard.unlockWrite(stamp);
        }
    }

    /**
     * A checkpoint that holds more than the state can only have been received: it becomes the state. A crash on the way leaves
     * either the old state and the checkpoint, or the checkpoint alone, or the new state alone.
     */
    private ReplicatedState openNewest() throws IOException {
        Optional<LogPosition> newest = checkpoints.newest();
        if (directory.exists(STATE) || newest.isEmpty()) {
            ReplicatedState opened = open();
            if (newest.isEmpty() || opened.applied().index() >= newest.get().index()) {
                return opened;
            }
            opened.close();
        }
        LOG.info("group {}: a checkpoint at {} takes the place of the state", group.value(), newest.get());
        directory.deleteRecursively(STATE);
        checkpoints.moveTo(newest.get(), STATE);
        ReplicatedState received = open();
        checkpoints.take(received);
        return received;
    }

    private ReplicatedState open() throws IOException {
        String real = directory
                .realPath(STATE)
                .orElseThrow(() -> new IOException("a group's directory must be on a real disk"));
        return opener.open(group, real);
    }

    @Override
    public void pause() {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        checkpointing.lock();
        try {
            closeState();
            // Ratis is about to acknowledge what it received, and doesn't sync it.
            syncRecursively(RaftStorageDirectory.TMP_DIR_NAME);
        } catch (IOException e) {
            fail("could not make room for a received checkpoint", e);
        } finally {
            checkpointing.unlock();
        }
        getLifeCycle().transition(LifeCycle.State.PAUSED);
    }

    private void syncRecursively(String path) throws IOException {
        for (String name : directory.list(path)) {
            String child = path + "/" + name;
            try (StorageFile file = directory.open(child, OpenMode.READ_WRITE)) {
                file.sync();
            } catch (FileNotFoundException e) {
                throw e;
            } catch (IOException e) {
                syncRecursively(child);
            }
        }
        directory.syncDirectory(path);
    }

    @Override
    public void reinitialize() throws IOException {
        getLifeCycle().transition(LifeCycle.State.STARTING);
        try {
            directory.syncDirectory("");
            install();
        } catch (IOException | RuntimeException e) {
            closesItself = true;
            fail("could not open a received checkpoint", e);
            throw e;
        }
        unannounced = LogPosition.NONE;
        bytesSinceCheckpoint = 0;
        commandsSinceCheckpoint = 0;
        getLifeCycle().transition(LifeCycle.State.RUNNING);
    }

    @Override
    public void close() throws IOException {
        checkpointing.lock();
        try {
            closeState();
        } finally {
            checkpointing.unlock();
        }
    }

    private void closeState() throws IOException {
        long stamp = guard.writeLock();
        try {
            ReplicatedState open = state;
            state = null;
            if (open != null) {
                open.close();
            }
        } finally {
            guard.unlockWrite(stamp);
        }
    }

    // Apply

    @Override
    public TransactionContext startTransaction(RaftClientRequest request) {
        Proposal proposal = (Proposal) request.getMessage();
        return TransactionContext.newBuilder()
                .setStateMachine(this)
                .setClientRequest(request)
                .setLogData(proposal.getContent())
                .setStateMachineContext(proposal)
                .build();
    }

    @Override
    public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
        LogEntryProto entry = transaction.getLogEntry();
        LogPosition at = new LogPosition(entry.getTerm(), entry.getIndex());
        if (failure == null) {
            try {
                apply(at, entry, (Proposal) transaction.getStateMachineContext());
            } catch (Throwable e) {
                fail("could not apply entry " + at, e);
            }
        }
        // Of a failed one too: Ratis would log each of all the entries that are committed, and its end waits for them.
        return DONE;
    }

    private void apply(LogPosition at, LogEntryProto entry, @Nullable Proposal proposal) throws IOException {
        int commands = 0;
        long stamp = guard.readLock();
        try {
            ReplicatedState open = state;
            // Without a state, a checkpoint that holds this entry is about to be opened.
            if (open != null && open.applied().index() < at.index()) {
                List<Outcome> outcomes = open.apply(
                        at, entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer());
                updateLastAppliedTermIndex(at.term(), at.index());
                timeMillis = open.timeMillis();
                commands = outcomes.size();
                if (proposal != null) {
                    proposal.applied(outcomes);
                }
            }
        } finally {
            guard.unlockRead(stamp);
        }
        seen(at.index(), entry.getSerializedSize(), commands);
    }

    private void seen(long index, long bytes, int commands) {
        seenIndex = index;
        bytesSinceCheckpoint += bytes;
        commandsSinceCheckpoint += commands;
        if (bytesSinceCheckpoint >= settings.checkpointLogBytes()
                || commandsSinceCheckpoint >= settings.checkpointCommands()) {
            bytesSinceCheckpoint = 0;
            commandsSinceCheckpoint = 0;
            listener.checkpointDue();
        }
    }

    /** Entries that aren't ours: a new leader's first one, changes of the configuration. */
    @Override
    public void notifyTermIndexUpdated(long term, long index) {
        if (failure != null) {
            return;
        }
        if (index > getLastAppliedTermIndex().getIndex()) {
            updateLastAppliedTermIndex(term, index);
        }
        seen(index, 0, 0);
    }

    // Query

    /** Answers from what is applied now. */
    <R extends Reply> R answer(Query<R> query) throws RefusedException, MetadataUnavailableException {
        long stamp = guard.readLock();
        try {
            ReplicatedState open = state;
            if (open == null || failure != null) {
                throw notOpen();
            }
            return open.answer(query);
        } finally {
            guard.unlockRead(stamp);
        }
    }

    MetadataUnavailableException notOpen() {
        return new MetadataUnavailableException("group " + group.value() + " is not open on this server", failure);
    }

    /** The same without waiting for anything; empty if that can't be. */
    <R extends Reply> Optional<R> answerFromMemory(Query<R> query) throws RefusedException {
        long stamp = guard.tryReadLock();
        if (stamp == 0) {
            return Optional.empty();
        }
        try {
            ReplicatedState open = state;
            return open == null || failure != null ? Optional.empty() : open.answerFromMemory(query);
        } finally {
            guard.unlockRead(stamp);
        }
    }

    /** Ratis' own reads only ask whether a read is allowed; the answer is given by {@link #answer}. */
    @Override
    public CompletableFuture<Message> query(Message request) {
        return DONE;
    }

    // Checkpoints

    /**
     * Takes a checkpoint if there is anything new since the last one.
     *
     * @return whether Ratis should now be asked for a snapshot, which announces it
     */
    boolean takeCheckpoint() throws IOException {
        checkpointing.lock();
        try {
            long stamp = guard.readLock();
            try {
                ReplicatedState open = state;
                if (open == null || open.applied().index() <= checkpoints.announcedIndex()) {
                    return false;
                }
                unannounced = checkpoints.take(open);
                return true;
            } finally {
                guard.unlockRead(stamp);
            }
        } finally {
            checkpointing.unlock();
        }
    }

    void pruneCheckpoints(int keep) throws IOException {
        checkpointing.lock();
        try {
            if (state() != null) {
                checkpoints.prune(keep);
            }
        } finally {
            checkpointing.unlock();
        }
    }

    private @Nullable ReplicatedState state() {
        long stamp = guard.readLock();
        try {
            return state;
        } finally {
            guard.unlockRead(stamp);
        }
    }

    /** Called by the applier. The checkpoint is on disk already; Ratis purges the log up to the index returned. */
    @Override
    public long takeSnapshot() throws IOException {
        LogPosition taken = unannounced;
        if (taken.index() > checkpoints.announcedIndex() && taken.index() <= seenIndex) {
            checkpoints.announce(taken);
            checkpointNanos = System.nanoTime();
        }
        return Math.min(checkpoints.announcedIndex(), seenIndex);
    }

    /** The last entry in the newest checkpoint; -1 for none. */
    long checkpointIndex() {
        return checkpoints.announcedIndex();
    }

    /** How long ago the newest checkpoint was announced; if that was before the start, how long ago the start was. */
    Duration sinceCheckpoint() {
        return Duration.ofNanos(System.nanoTime() - checkpointNanos);
    }

    @Override
    public StateMachineStorage getStateMachineStorage() {
        return checkpoints;
    }

    // Events

    @Override
    public void notifyLogFailed(Throwable cause, @Nullable LogEntryProto entry) {
        fail("the log can't be written; what was not acknowledged is in doubt", cause);
    }

    @Override
    public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
        LOG.info("group {}: the leader is {}", group.value(), leader);
        if (!leader.equals(member.getPeerId())) {
            ready.complete(null);
        }
    }

    /** This server leads, and has applied everything that was committed before. */
    @Override
    public void notifyLeaderReady() {
        ready.complete(null);
    }

    /** Completes when the group first has a leader that can answer; fails if the group stops before. */
    CompletableFuture<Void> ready() {
        return ready;
    }

    private void fail(String what, Throwable why) {
        synchronized (this) {
            if (failure != null) {
                return;
            }
            failure = why;
        }
        LOG.error("group {} stops on this server: {}", group.value(), what, why);
        ready.completeExceptionally(why);
        listener.failed(this, why);
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Whether Ratis' thread that applies was told of the failure and closes the division, so that nobody else must: after a received checkpoint
     * that can't be opened it would otherwise look for ever for entries that its log has no more.
     */
    boolean closesItself() {
        return closesItself;
    }

    @Override
    public String toString() {
        return "group " + group.value()
                + (getLastAppliedTermIndex().getIndex() == RaftLog.INVALID_LOG_INDEX
                        ? ", empty"
                        : ", applied " + getLastAppliedTermIndex());
    }
}
