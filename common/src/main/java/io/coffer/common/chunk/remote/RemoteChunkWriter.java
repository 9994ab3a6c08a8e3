package io.coffer.common.chunk.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.chunk.wire.ProtocolException;
import io.coffer.proto.rpc.ChunkMessages;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chunk of another node. Bytes leave as they come, as far as the peer's credit reaches; what is short waits for the commit, so
 * that a small chunk is one packet.
 */
final class RemoteChunkWriter extends ClientStream implements ChunkWriter {
    private final PeerConnection connection;
    private final ChunkClientOptions options;
    private final long length;
    private final CallTag tag;
    private final CompletableFuture<Void> opened = new CompletableFuture<>();
    private final CompletableFuture<Void> committed = new CompletableFuture<>();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    /** Guarded by the lock, as is the next. */
    private long credit;

    private @Nullable ChunkException failure;

    /** The caller's. */
    private long written;

    private boolean over;

    RemoteChunkWriter(PeerConnection connection, ChunkClientOptions options, long length, CallTag tag) {
        this.connection = connection;
        this.options = options;
        this.length = length;
        this.tag = tag;
        this.credit = connection.window();
    }

    void create(ChunkDescriptor descriptor) throws ChunkException {
        connection.open(this);
        connection.send(
                OutboundFrame.of(
                        ChunkTransport.ALLOCATOR,
                        FrameType.CREATE,
                        id(),
                        ChunkMessages.Create.newBuilder()
                                .setTimeoutMillis((int) options.writeTimeout().toMillis())
                                .setInfo(ChunkCodec.encode(descriptor))
                                .setRequest(tag.request())
                                .setTrace(tag.trace())
                                .build()),
                false);
    }

    @Override
    public CompletableFuture<Void> opened() {
        connection.flush();
        return opened.copy();
    }

    @Override
    public void write(ByteBuffer data) throws ChunkException {
        requireOpen();
        if (written + data.remaining() > length) {
            abandon();
            throw new ChunkException(ChunkError.CHECKSUM_MISMATCH, "more than the announced " + length + " bytes");
        }
        boolean done = false;
        try {
            while (data.hasRemaining()) {
                int bytes = takeCredit(Math.min(data.remaining(), FrameType.MAX_BODY_BYTES));
                connection.sendBody(this, data, bytes, options.writeTimeout().toNanos());
                written += bytes;
            }
            done = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
        } finally {
            if (!done) {
                abandon();
            }
        }
    }

    private void requireOpen() throws ChunkException {
        if (over) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "the chunk's writer is closed");
        }
        lock.lock();
        try {
            requireNoFailure();
        } finally {
            lock.unlock();
        }
    }

    private void requireNoFailure() throws ChunkException {
        ChunkException why = failure;
        if (why != null) {
            throw new ChunkException(why.error(), String.valueOf(why.getMessage()), why);
        }
    }

    /** Waits for credit. The peer grants it in large pieces, so there is no danger of tiny ones. */
    private int takeCredit(int wanted) throws ChunkException, InterruptedException {
        long left = options.writeTimeout().toNanos();
        lock.lock();
        try {
            requireNoFailure();
            if (credit == 0) {
                connection.flush();
            }
            while (credit == 0) {
                if (left <= 0) {
                    throw new ChunkException(ChunkError.UNAVAILABLE, "the disk takes no more bytes");
                }
                left = changed.awaitNanos(left);
                requireNoFailure();
            }
            int taken = (int) Math.min(wanted, credit);
            credit -= taken;
            return taken;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public CompletableFuture<Void> commit(int[] blockChecksums) {
        try {
            requireOpen();
            if (written != length) {
                throw new ChunkException(
                        ChunkError.CHECKSUM_MISMATCH, written + " bytes of the announced " + length + " were written");
            }
        } catch (ChunkException e) {
            abandon();
            return CompletableFuture.failedFuture(e);
        }
        over = true;
        ChunkMessages.Commit.Builder commit = ChunkMessages.Commit.newBuilder()
                .setTimeoutMillis((int) options.commitTimeout().toMillis());
        for (int checksum : blockChecksums) {
            commit.addChecksums(checksum);
        }
        deadline(System.nanoTime() + options.commitTimeout().toNanos());
        connection.send(OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.COMMIT, id(), commit.build()), true);
        return committed.copy();
    }

    private void abandon() {
        if (!over) {
            over = true;
            connection.cancel(this);
            tag.span().fail("given up");
            tag.span().end();
        }
    }

    /** After a commit, nothing: its outcome is on its way. */
    @Override
    public void close() {
        abandon();
    }

    @Override
    boolean frame(FrameType type, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException {
        switch (type) {
            case OPENED -> opened.complete(null);
            case CREDIT -> grant(ChunkMessages.Credit.parseFrom(head).getBytes());
            case ANSWER -> {
                opened.complete(null);
                tag.span().end();
                committed.complete(null);
                return true;
            }
            default -> throw new ProtocolException(type + " isn't what a writer gets");
        }
        return false;
    }

    private void grant(int bytes) throws ProtocolException {
        lock.lock();
        try {
            if (bytes <= 0 || credit + bytes > ChunkDescriptor.MAX_LENGTH) {
                throw new ProtocolException("credit of " + bytes + " bytes");
            }
            credit += bytes;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    void fail(ChunkException why) {
        lock.lock();
        try {
            if (failure == null) {
                failure = why;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
        tag.span().fail(why.error().name());
        tag.span().end();
        opened.completeExceptionally(why);
        committed.completeExceptionally(why);
    }

    @Override
    void refuse(String badRequest) {
        fail(new ChunkException(ChunkError.UNAVAILABLE, "refused: " + badRequest));
    }
}
