package io.coffer.gateway.payload;

import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes a client means to store, freed of aws-chunked framing and verified against its signature: {@link #read} returns
 * null only if everything the client promised about the body (length, hash, chunk signatures, trailer signature) held.
 */
public interface ObjectBody {
    /** Bytes of the decoded body; -1 when the client didn't say. */
    long length();

    /** Whether {@link #length} is only a bound: the verified end may come earlier. */
    default boolean mayBeShorter() {
        return false;
    }

    /**
     * The next bytes, at least one, or null at the verified end. Lent until the next call.
     *
     * @throws S3Exception the exact refusal: SignatureDoesNotMatch, XAmzContentSHA256Mismatch, IncompleteBody, …
     * @throws IOException if the connection is gone
     */
    @Nullable
    ByteBuffer read() throws S3Exception, IOException;

    /** A trailing header's value (lower-case name), after {@link #read} returned null; null when there was none. */
    @Nullable
    String trailer(String name);
}
