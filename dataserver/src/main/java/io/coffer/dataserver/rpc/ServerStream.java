package io.coffer.dataserver.rpc;

import com.google.protobuf.ByteString;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.wire.ChunkCodec;
import io.coffer.common.chunk.wire.FrameType;
import io.coffer.common.trace.Span;
import io.coffer.common.trace.TraceParent;
import io.coffer.common.trace.Tracing;
import io.coffer.common.trace.Work;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request of a caller. */
abstract sealed class ServerStream permits ReadStream, WriteStream, CallStream {
    private static final Logger LOG = LoggerFactory.getLogger(ServerStream.class);

    final ServerConnection connection;
    final int id;

    /** What it is for, as the caller says. */
    final Work work;

    private final long startedNanos = System.nanoTime();

    private final Span span;

    /** @param request the id that the caller gave, perhaps none */
    ServerStream(ServerConnection connection, int id, String request, Span span) {
        this.connection = connection;
        this.id = id;
        this.work = Work.from(request).in(span);
        this.span = span;
    }

    /** @param trace what the caller said of its span, perhaps nothing */
    static Span span(String name, ByteString trace) {
        return trace.isEmpty() ? Span.NONE : Tracing.serve(name, TraceParent.of(trace.asReadOnlyByteBuffer()));
    }

    /** The caller wants no answer any more, or is gone. From any thread, perhaps more than once. */
    abstract void cancel();

    final void requireTime(long timeoutMillis) throws ChunkException {
        requireTime(startedNanos, timeoutMillis);
    }

    static void requireTime(long fromNanos, long timeoutMillis) throws ChunkException {
        if (System.nanoTime() - fromNanos > timeoutMillis * 1_000_000) {
            throw new ChunkException(ChunkError.UNAVAILABLE, "the caller's time was over before it began");
        }
    }

    /** It was given up before its end. */
    final void givenUp() {
        span.fail("cancelled");
        span.end();
    }

    /** Says that it is over, in the log of a process that logs every request. */
    final void done(String what, long bytes, ChunkAddress chunk) {
        span.end();
        if (LOG.isDebugEnabled() && !work.equals(Work.NONE)) {
            LOG.debug(
                    "{} {} bytes of extent {} on disk {}, {} us",
                    what,
                    bytes,
                    chunk.extent(),
                    chunk.disk(),
                    (System.nanoTime() - startedNanos) / 1000);
        }
    }

    final void fail(Exception why) {
        LOG.debug("a request of {} failed", connection.caller(), why);
        span.fail(why instanceof ChunkException known ? known.error().name() : String.valueOf(why.getMessage()));
        span.end();
        switch (why) {
            case ChunkException known -> connection.send(id, FrameType.FAILED, ChunkCodec.encode(known));
            case IllegalArgumentException bug ->
                connection.send(id, FrameType.FAILED, ChunkCodec.badRequest(String.valueOf(bug.getMessage())));
            case RejectedExecutionException closing ->
                connection.send(
                        id,
                        FrameType.FAILED,
                        ChunkCodec.encode(new ChunkException(ChunkError.UNAVAILABLE, "the node is being stopped")));
            default -> {
                LOG.error("a chunk request failed", why);
                connection.send(
                        id,
                        FrameType.FAILED,
                        ChunkCodec.encode(new ChunkException(ChunkError.UNAVAILABLE, "internal fault: " + why)));
            }
        }
    }
}
