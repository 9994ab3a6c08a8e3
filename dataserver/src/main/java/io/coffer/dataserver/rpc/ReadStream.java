package io.coffer.dataserver.rpc;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.ChunkTransport;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.OutboundFrame;
import io.coffer.common.trace.Work;
import io.coffer.proto.rpc.ChunkMessages;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;

/**
 * A read: pieces go from the disk into a buffer, are verified there, and leave from it. Between pieces it may wait for the network, but on no
 * thread.
 */
final class ReadStream extends ServerStream {
    private static final int FLUSH_BYTES = 64 << 10;

    private final ChunkAddress chunk;
    private final int timeoutMillis;
    private final long end;
    private final int length;

    /** What follows belongs to whoever runs the stream: one thread at a time. */
    private long position;

    private boolean begun;
    private volatile boolean cancelled;

    ReadStream(ServerConnection connection, int id, ChunkAddress chunk, ChunkMessages.Read read) {
        super(connection, id, read.getRequest(), span("read chunk", read.getTrace()));
        this.chunk = chunk;
        this.timeoutMillis = read.getTimeoutMillis();
        this.position = read.getOffset();
        this.length = read.getLength();
        this.end = position + length;
    }

    /** Reserves the memory of the next piece, then goes on. */
    void begin() {
        if (reserve()) {
            resume();
        }
    }

    private int pieceBytes() {
        long border = (position / FrameType.MAX_BODY_BYTES + 1) * FrameType.MAX_BODY_BYTES;
        return (int) (Math.min(border, end) - position);
    }

    private boolean reserve() {
        return connection.outbound().reserve(pieceBytes(), this::outboundGranted) && reserveShared();
    }

    private void outboundGranted() {
        if (reserveShared()) {
            resume();
        }
    }

    private boolean reserveShared() {
        return connection.service().reading().reserve(pieceBytes(), this::resume);
    }

    private void release(int bytes) {
        connection.service().reading().release(bytes);
        connection.outbound().release(bytes);
    }

    private void resume() {
        try {
            connection.service().threads().reading(chunk.disk()).execute(this::run);
        } catch (RejectedExecutionException e) {
            release(pieceBytes());
            connection.ended(this);
            fail(e);
        }
    }

    /** With the next piece's memory reserved. */
    private void run() {
        try (Work.Scope scope = work.enter()) {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = step() && reserve();
            }
        }
    }

    /** Returns whether there is more to read. */
    private boolean step() {
        int bytes = pieceBytes();
        boolean sent = false;
        try {
            if (cancelled) {
                givenUp();
                connection.ended(this);
                return false;
            }
            if (!begun) {
                begun = true;
                requireTime(timeoutMillis);
            }
            boolean last = position + bytes == end;
            OutboundFrame frame = read(bytes);
            position += bytes;
            sent = true;
            if (last) {
                done("read", length, chunk);
                connection.ended(this); // before the caller can know, and begin another
            }
            connection.send(frame, last || bytes >= FLUSH_BYTES, () -> release(bytes));
            return !last;
        } catch (ChunkException | RuntimeException e) {
            connection.ended(this);
            fail(e);
            return false;
        } finally {
            if (!sent) {
                release(bytes);
            }
        }
    }

    private OutboundFrame read(int bytes) throws ChunkException {
        int[] pieces = new int[BlockChecksums.piecesIn(position, bytes)];
        ByteBuf body = ChunkTransport.ALLOCATOR.directBuffer(Math.max(1, bytes));
        boolean done = false;
        try {
            connection.service().store().read(chunk, position, body.internalNioBuffer(0, bytes), pieces);
            body.writerIndex(bytes);
            ChunkMessages.ReadData.Builder head = ChunkMessages.ReadData.newBuilder();
            for (int piece : pieces) {
                head.addChecksums(piece);
            }
            OutboundFrame frame =
                    OutboundFrame.of(ChunkTransport.ALLOCATOR, FrameType.READ_DATA, id, head.build(), body);
            done = true;
            return frame;
        } finally {
            if (!done) {
                body.release();
            }
        }
    }

    @Override
    void cancel() {
        cancelled = true;
    }
}
