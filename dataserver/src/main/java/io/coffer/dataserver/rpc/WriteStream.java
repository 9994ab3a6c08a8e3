package io.coffer.dataserver.rpc;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.ProtocolException;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A write: steps arrive on the event loop and are done in order by one of the disk's threads at a time, which holds none while there is
 * nothing to do. The window that was set aside for the stream comes back when it is over and no byte of it is held.
 */
final class WriteStream extends ServerStream {
    private static final int CREDITS_PER_WINDOW = 4;

    private final ChunkDescriptor descriptor;
    private final int timeoutMillis;
    private final int window;
    private final long reserved;
    private final Executor threads;

    /** The event loop's. */
    private long received;

    /** What the caller may send in all. */
    private final AtomicLong allowed;

    /** Guarded by this, as are the next three. */
    private final ArrayDeque<Step> steps = new ArrayDeque<>();

    private boolean running;
    private boolean over;
    private boolean commitArrived;

    /** What follows belongs to whoever runs the steps. */
    private @Nullable ChunkWriter writer;

    private int uncredited;

    /** What is to be done. */
    private sealed interface Step {
        record Open() implements Step {}

        /** Owns the bytes. */
        record Write(ByteBuf bytes) implements Step {}

        record Commit(ChunkMessages.Commit commit, long arrivedNanos) implements Step {}

        record Cancel() implements Step {}
    }

    /**
     * @param descriptor what {@code create} wants written
     * @param reserved of the server's budget for writes; given back at the end
     */
    WriteStream(
            ServerConnection connection,
            int id,
            ChunkMessages.Create create,
            ChunkDescriptor descriptor,
            int window,
            long reserved) {
        super(connection, id, create.getRequest(), span("write chunk", create.getTrace()));
        this.descriptor = descriptor;
        this.timeoutMillis = create.getTimeoutMillis();
        this.window = window;
        this.reserved = reserved;
        this.allowed = new AtomicLong(window);
        this.threads =
                connection.service().threads().writing(descriptor.address().disk());
    }

    void begin() {
        enqueue(new Step.Open());
    }

    /** A body of so many bytes is about to come. */
    void announce(int bytes) throws ProtocolException {
        received += bytes;
        if (received > allowed.get()) {
            throw new ProtocolException("more bytes than the window allows");
        }
    }

    /** @param piece the caller's */
    void data(ByteBuf piece) {
        ByteBuf around = piece.unwrap();
        boolean wasteful = around != null && piece.readableBytes() < around.capacity() / 2;
        ByteBuf kept = wasteful ? piece.copy() : piece.retain();
        if (!enqueue(new Step.Write(kept))) {
            kept.release();
        }
    }

    void commit(ChunkMessages.Commit commit) {
        enqueue(new Step.Commit(commit, System.nanoTime()));
    }

    @Override
    void cancel() {
        enqueue(new Step.Cancel());
    }

    /** Returns whether the step will be done. */
    private boolean enqueue(Step step) {
        boolean start;
        synchronized (this) {
            if (over) {
                return false;
            }
            commitArrived |= step instanceof Step.Commit;
            steps.add(step);
            start = !running;
            running = true;
        }
        if (start) {
            try {
                threads.execute(this::run);
            } catch (RejectedExecutionException e) {
                end();
                fail(e);
            }
        }
        return true;
    }

    private void run() {
        try (Work.Scope scope = work.enter()) {
            for (Step step = next(); step != null; step = next()) {
                try {
                    perform(step);
                } catch (ChunkException | RuntimeException e) {
                    end();
                    fail(e);
                }
            }
        }
    }

    private synchronized @Nullable Step next() {
        Step step = steps.poll();
        running = step != null;
        return step;
    }

    private void perform(Step step) throws ChunkException {
        switch (step) {
            case Step.Open open -> open();
            case Step.Write(ByteBuf bytes) -> {
                try {
                    write(bytes);
                } finally {
                    bytes.release();
                }
            }
            case Step.Commit(ChunkMessages.Commit commit, long arrivedNanos) -> {
                requireTime(arrivedNanos, commit.getTimeoutMillis());
                commitNow(commit);
            }
            case Step.Cancel cancel -> {
                givenUp();
                end();
            }
        }
    }

    private void open() throws ChunkException {
        requireTime(timeoutMillis);
        writer = connection.service().store().create(descriptor);
        boolean told;
        synchronized (this) {
            told = commitArrived;
        }
        if (!told) {
            connection.send(id, FrameType.OPENED, null);
        }
    }

    private ChunkWriter writer() throws ChunkException {
        ChunkWriter open = writer;
        if (open == null) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "the chunk isn't open");
        }
        return open;
    }

    private void write(ByteBuf bytes) throws ChunkException {
        int count = bytes.readableBytes();
        writer().write(bytes.nioBuffer());
        uncredited += count;
        long missing = descriptor.length() - allowed.get();
        if (missing > 0 && uncredited >= Math.min(missing, window / CREDITS_PER_WINDOW)) {
            int credit = (int) Math.min(missing, uncredited);
            uncredited = 0;
            allowed.addAndGet(credit);
            connection.send(
                    id,
                    FrameType.CREDIT,
                    ChunkMessages.Credit.newBuilder().setBytes(credit).build());
        }
    }

    private void commitNow(ChunkMessages.Commit commit) throws ChunkException {
        int[] checksums = new int[commit.getChecksumsCount()];
        for (int i = 0; i < checksums.length; i++) {
            checksums[i] = commit.getChecksums(i);
        }
        ChunkWriter committed = writer();
        writer = null;
        // On the committer's thread: it only hands over the answer.
        committed.commit(checksums).whenComplete((nothing, failure) -> {
            end();
            try (Work.Scope scope = work.enter()) {
                if (failure == null) {
                    connection.send(id, FrameType.ANSWER, null);
                    done("wrote", descriptor.length(), descriptor.address());
                } else {
                    fail(failure instanceof Exception known ? known : new IllegalStateException(failure));
                }
            }
        });
    }

    /** Gives back everything; what arrives later is dropped. */
    private void end() {
        ArrayDeque<Step> dropped;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            dropped = new ArrayDeque<>(steps);
            steps.clear();
        }
        for (Step step : dropped) {
            if (step instanceof Step.Write(ByteBuf bytes)) {
                bytes.release();
            }
        }
        ChunkWriter open = writer;
        if (open != null) {
            writer = null;
            open.close();
        }
        connection.service().writing().release(reserved);
        connection.ended(this);
    }
}
