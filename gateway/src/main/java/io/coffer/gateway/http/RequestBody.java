package io.coffer.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request's body as a stream with back-pressure. Used by the request's own thread. */
public interface RequestBody {
    /** The declared Content-Length; 0 when there is no body; -1 with chunked transfer coding. */
    long length();

    /**
     * The next bytes, at least one, or null at the end. The buffer is lent until the next call and must not be kept. The first
     * call answers {@code Expect: 100-continue}.
     *
     * @throws RequestBodyException if the client is gone, too slow, or broke the framing
     */
    @Nullable
    ByteBuffer read() throws IOException;

    /** Trailer lines of chunked transfer coding, after {@link #read} returned null. */
    Headers trailers();
}
