package io.coffer.gateway.http;

import io.coffer.common.io.PooledBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A response's body while it is being sent. Used by the request's own thread; blocks while the client is slow. */
public interface ResponseSink extends AutoCloseable {
    /** Sends the buffer's remaining bytes. Takes the buffer: it is released once sent, or when sending fails. */
    void write(PooledBuffer buffer) throws IOException;

    /** Sends bytes that don't change any more (not copied). */
    void write(ByteBuffer bytes) throws IOException;

    /** Pushes what was written to the client now, for answers that take long. */
    void flush() throws IOException;

    /** Ends the body; the whole declared length must have been written. */
    void finish() throws IOException;

    /** Without a {@link #finish}, closes the connection, so that the client can't take a part for the whole. */
    @Override
    void close();
}
