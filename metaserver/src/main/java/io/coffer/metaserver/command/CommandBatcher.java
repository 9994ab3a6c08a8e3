package io.coffer.metaserver.command;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.proto.metadata.CommandMessages;
import java.io.Closeable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gathers concurrent commands of one group into proposals, stamped with the leader's clock. A proposal costs what dozens of
 * commands in it do, so this is where the group's throughput comes from.
 *
 * <p>A command that finds nothing in flight goes out at once, on its caller's thread. While proposals are in flight, commands
 * gather until one returns, or until there are enough of them for a further one: the more are in flight, the more. So a busy group
 * makes few large proposals, and not as many as may be in flight. No order is promised among commands that are submitted
 * concurrently.
 *
 * <p>Thread-safe. Replies are completed on {@code completions}, never on the group's applier: a continuation that blocks there
 * would stop the group.
 */
public final class CommandBatcher implements Closeable {
    private final Proposer proposer;
    private final WallClock clock;
    private final Ticker ticker;
    private final BatchLimits limits;
    private final Executor completions;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final Set<Batch> inFlight = new HashSet<>();
    private long waitingBytes;
    private int inFlightCommands;
    private long inFlightBytes;
    private long lastBatchNanos;
    private boolean closed;
    private long commands;
    private long proposals;
    private long turnedAway;

    /** A command on its way. */
    private static final class Waiting {
        final CommandMessages.Envelope envelope;
        final int bytes;
        final long since;
        final CompletableFuture<Reply> reply = new CompletableFuture<>();

        Waiting(CommandMessages.Envelope envelope, int bytes, long since) {
            this.envelope = envelope;
            this.bytes = bytes;
            this.since = since;
        }
    }

    /** The commands of one proposal. */
    private static final class Batch {
        final List<Waiting> commands;
        final int bytes;

        /** Since the one before. */
        final long elapsedMicros;

        Batch(List<Waiting> commands, int bytes, long elapsedMicros) {
            this.commands = commands;
            this.bytes = bytes;
            this.elapsedMicros = elapsedMicros;
        }
    }

    /**
     * What went through, and what is under way.
     *
     * @param turnedAway commands that were not taken because too many waited
     */
    public record Load(long commands, long proposals, long turnedAway, int waiting, long waitingBytes, int inFlight) {}

    /** @param completions where replies are completed, and the next proposals made */
    public CommandBatcher(Proposer proposer, WallClock clock, Ticker ticker, BatchLimits limits, Executor completions) {
        this.proposer = proposer;
        this.clock = clock;
        this.ticker = ticker;
        this.limits = limits;
        this.completions = completions;
        this.lastBatchNanos = ticker.nanos();
    }

    /**
     * Commits a command. The future fails with {@link RefusedException} or {@link MetadataUnavailableException} and nothing
     * else; after the latter the command's outcome is unknown, and the same request id is to be used again.
     */
    public <R extends Reply> CompletableFuture<R> submit(RequestId request, Command<R> command) {
        CommandMessages.Envelope envelope = CommandBatchCodec.message(new CommandBatch.Envelope(request, command));
        int bytes = envelope.getSerializedSize();
        if (bytes > limits.commandBytes()) {
            return CompletableFuture.failedFuture(
                    new RefusedException(Refusal.INVALID_ARGUMENT, "a command of " + bytes + " bytes"));
        }
        Waiting added = new Waiting(envelope, bytes, ticker.nanos());
        Batch batch;
        lock.lock();
        try {
            if (closed) {
                return CompletableFuture.failedFuture(closing());
            }
            if (waiting.size() >= limits.waitingCommands() || waitingBytes + bytes > limits.waitingBytes()) {
                turnedAway++;
                return CompletableFuture.failedFuture(
                        MetadataUnavailableException.overloaded("overloaded: too many commands wait"));
            }
            waiting.add(added);
            waitingBytes += bytes;
            commands++;
            batch = nextBatch();
        } finally {
            lock.unlock();
        }
        propose(batch);
        @SuppressWarnings("unchecked") // the rules answer a command with its own kind of reply
        CompletableFuture<R> reply = (CompletableFuture<R>) added.reply;
        return reply;
    }

    private static MetadataUnavailableException closing() {
        return MetadataUnavailableException.notLeader("the metaserver is closing", null);
    }

    /** Takes the next proposal's commands, or null if it is not time for one. Under the lock. */
    private @Nullable Batch nextBatch() {
        if (waiting.isEmpty() || inFlight.size() >= limits.inFlight() || !inFlight.isEmpty() && !isWorthAnother()) {
            return null;
        }
        List<Waiting> batch = new ArrayList<>(Math.min(waiting.size(), limits.batchCommands()));
        int bytes = 0;
        for (Waiting next; (next = waiting.peek()) != null && batch.size() < limits.batchCommands(); ) {
            if (!batch.isEmpty() && bytes + next.bytes > limits.batchBytes()) {
                break;
            }
            bytes += next.bytes;
            batch.add(waiting.remove());
        }
        waitingBytes -= bytes;
        inFlightBytes += bytes;
        inFlightCommands += batch.size();
        proposals++;
        long now = ticker.nanos();
        Batch next = new Batch(batch, bytes, TimeUnit.NANOSECONDS.toMicros(now - lastBatchNanos));
        lastBatchNanos = now;
        inFlight.add(next);
        return next;
    }

    /** Whether as much waits as fills a proposal, or half as much as is in flight, but no less than the limits say. */
    private boolean isWorthAnother() {
        int enough = Math.max(limits.eagerCommands(), Math.min(inFlightCommands / 2, limits.batchCommands()));
        long enoughBytes = Math.max(limits.eagerBytes(), Math.min(inFlightBytes / 2, limits.batchBytes()));
        return waiting.size() >= enough || waitingBytes >= enoughBytes;
    }

    private void propose(@Nullable Batch batch) {
        if (batch == null) {
            return;
        }
        long stampMicros = TimeUnit.MILLISECONDS.toMicros(clock.millis());
        List<CommandMessages.Envelope> envelopes =
                batch.commands.stream().map(command -> command.envelope).toList();
        proposer.propose(CommandBatchCodec.encode(stampMicros, batch.elapsedMicros, envelopes))
                .whenComplete((outcomes, failure) -> completions.execute(() -> ended(batch, outcomes, failure)));
    }

    private void ended(Batch batch, @Nullable List<Outcome> outcomes, @Nullable Throwable failure) {
        Batch next;
        lock.lock();
        try {
            inFlight.remove(batch);
            inFlightBytes -= batch.bytes;
            inFlightCommands -= batch.commands.size();
            next = nextBatch();
        } finally {
            lock.unlock();
        }
        propose(next);
        for (int i = 0; i < batch.commands.size(); i++) {
            CompletableFuture<Reply> reply = batch.commands.get(i).reply;
            if (outcomes == null) {
                reply.completeExceptionally(asUnavailable(failure));
            } else {
                switch (outcomes.get(i)) {
                    case Outcome.Applied applied -> reply.complete(applied.reply());
                    case Outcome.Refused refused -> reply.completeExceptionally(refused.why());
                }
            }
        }
    }

    private static MetadataUnavailableException asUnavailable(@Nullable Throwable failure) {
        return failure instanceof MetadataUnavailableException unavailable
                ? unavailable
                : new MetadataUnavailableException("the proposal failed", failure);
    }

    /** Fails the commands that are past their deadline. Call it a few times per second. */
    public void expire() {
        long limit = ticker.nanos() - limits.deadline().toNanos();
        List<Waiting> late = new ArrayList<>();
        lock.lock();
        try {
            for (Waiting first; (first = waiting.peek()) != null && first.since - limit < 0; ) {
                waitingBytes -= first.bytes;
                late.add(waiting.remove());
            }
            for (Batch batch : inFlight) {
                // Its place stays taken until its proposal ends: whoever leads next decides what became of it.
                if (batch.commands.getFirst().since - limit < 0) {
                    late.addAll(batch.commands);
                }
            }
        } finally {
            lock.unlock();
        }
        for (Waiting command : late) {
            command.reply.completeExceptionally(new MetadataUnavailableException(
                    "not committed within " + limits.deadline().toMillis() + " ms", null));
        }
    }

    /** What went through so far. */
    public Load load() {
        lock.lock();
        try {
            return new Load(commands, proposals, turnedAway, waiting.size(), waitingBytes, inFlight.size());
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more commands and fails those that wait; those in flight end as they end. */
    @Override
    public void close() {
        List<Waiting> left;
        lock.lock();
        try {
            closed = true;
            left = new ArrayList<>(waiting);
            waiting.clear();
            waitingBytes = 0;
        } finally {
            lock.unlock();
        }
        for (Waiting command : left) {
            command.reply.completeExceptionally(closing());
        }
    }
}
