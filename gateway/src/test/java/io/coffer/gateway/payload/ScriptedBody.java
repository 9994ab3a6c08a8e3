package io.coffer.gateway.payload;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestBodyException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's body out of an array, lent in given pieces; each piece is wiped when the next is asked for. */
public final class ScriptedBody implements RequestBody {
    private final long length;
    private final List<byte[]> pieces = new ArrayList<>();
    private final RequestBodyException.@Nullable Reason failure;
    private int next;
    private byte @Nullable [] lent;

    private ScriptedBody(long length, RequestBodyException.@Nullable Reason failure) {
        this.length = length;
        this.failure = failure;
    }

    public static ScriptedBody whole(byte[] bytes) {
        return cut(bytes);
    }

    /** @param cuts ascending offsets */
    public static ScriptedBody cut(byte[] bytes, int... cuts) {
        ScriptedBody body = new ScriptedBody(bytes.length, null);
        int from = 0;
        for (int cut : cuts) {
            body.add(bytes, from, cut);
            from = cut;
        }
        body.add(bytes, from, bytes.length);
        return body;
    }

    public static ScriptedBody inPiecesOf(int size, byte[] bytes) {
        ScriptedBody body = new ScriptedBody(bytes.length, null);
        for (int from = 0; from < bytes.length; from += size) {
            body.add(bytes, from, Math.min(bytes.length, from + size));
        }
        return body;
    }

    public static ScriptedBody failing(byte[] bytes, long length, RequestBodyException.Reason failure) {
        ScriptedBody body = new ScriptedBody(length, failure);
        body.add(bytes, 0, bytes.length);
        return body;
    }

    private void add(byte[] bytes, int from, int to) {
        if (to > from) {
            pieces.add(java.util.Arrays.copyOfRange(bytes, from, to));
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public @Nullable ByteBuffer read() throws RequestBodyException {
        if (lent != null) {
            java.util.Arrays.fill(lent, (byte) '!');
            lent = null;
        }
        if (next == pieces.size()) {
            if (failure != null) {
                throw new RequestBodyException(failure, "scripted");
            }
            return null;
        }
        lent = pieces.get(next++);
        return ByteBuffer.wrap(lent);
    }

    @Override
    public Headers trailers() {
        return Headers.EMPTY;
    }
}
