package io.coffer.gateway.http;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A request and its response. Exactly one of {@link #respond} and {@link #begin} is called, once. */
public interface Exchange {
    RequestHead head();

    RequestBody body();

    /** Sends a whole response, head and body in one write. For a HEAD request give the body's length by {@link #respondHead}. */
    void respond(ResponseHead head, ByteBuffer body) throws IOException;

    /** Sends a response with no body that names the length a GET would have; -1 names none. */
    void respondHead(ResponseHead head, long length) throws IOException;

    /**
     * Starts a response; its head goes out together with the first bytes.
     *
     * @param length of the body, or -1 for chunked transfer coding
     */
    ResponseSink begin(ResponseHead head, long length) throws IOException;
}
