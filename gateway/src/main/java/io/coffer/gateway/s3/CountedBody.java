package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A request's body that knows how much of it was read. */
final class CountedBody implements RequestBody {
    private final RequestBody body;
    private boolean touched;
    private long bytes;

    CountedBody(RequestBody body) {
        this.body = body;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public @Nullable ByteBuffer read() throws IOException {
        touched = true;
        ByteBuffer piece = body.read();
        if (piece != null) {
            bytes += piece.remaining();
        }
        return piece;
    }

    @Override
    public Headers trailers() {
        return body.trailers();
    }

    boolean touched() {
        return touched;
    }

    long bytes() {
        return bytes;
    }
}
