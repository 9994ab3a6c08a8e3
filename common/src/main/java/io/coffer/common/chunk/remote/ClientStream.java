package io.coffer.common.chunk.remote;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.chunk.wire.ProtocolException;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** One request on a connection. What it is told comes on the connection's event loop. */
abstract class ClientStream {
    private volatile long deadlineNanos = Long.MAX_VALUE;
    private int id;

    /** Set once, by the connection, before anything is sent. */
    final void id(int number) {
        id = number;
    }

    final int id() {
        return id;
    }

    /** When the connection fails it by itself; a value of {@link System#nanoTime}. */
    final void deadline(long nanos) {
        deadlineNanos = nanos == Long.MAX_VALUE ? nanos - 1 : nanos;
    }

    final boolean isLate(long nowNanos) {
        return deadlineNanos != Long.MAX_VALUE && nowNanos - deadlineNanos > 0;
    }

    /** See {@link io.coffer.common.chunk.wire.FrameReceiver#frame}. Returns whether the stream is over. */
    abstract boolean frame(FrameType type, ByteBuffer head, int bodyBytes)
            throws ProtocolException, InvalidProtocolBufferException;

    /** See {@link io.coffer.common.chunk.wire.FrameReceiver#body}. Returns whether the stream is over. */
    boolean body(ByteBuf piece, boolean last) throws ProtocolException {
        throw new ProtocolException("a body where none belongs");
    }

    /** Nothing more comes. May be called when the stream is over already. */
    abstract void fail(ChunkException why);

    /** The server says that the caller has a bug. */
    abstract void refuse(String badRequest);
}
