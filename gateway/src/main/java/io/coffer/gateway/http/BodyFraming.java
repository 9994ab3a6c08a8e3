package io.coffer.gateway.http;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** Finds a request's body, and its end, in what the connection receives. Used by one event loop. */
sealed interface BodyFraming permits FixedLengthFraming, ChunkedFraming {
    static BodyFraming of(ParsedHead head) {
        return head.length() < 0 ? new ChunkedFraming() : new FixedLengthFraming(head.length());
    }

    /** Whether the whole body has been seen. */
    boolean ended();

    /** The bytes that are still to come, or -1 when the client didn't say. */
    long remaining();

    /**
     * Takes framing and at most one run of body bytes off {@code in}. The run is retained for the caller; null when there was
     * none yet.
     *
     * @throws HttpFaultException if this isn't a body
     */
    @Nullable
    ByteBuf next(ByteBuf in) throws HttpFaultException;

    /** Trailer lines, once ended. */
    Headers trailers();
}
