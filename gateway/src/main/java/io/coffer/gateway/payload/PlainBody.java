package io.coffer.gateway.payload;

import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A body without aws-chunked framing, and its SHA-256 where the client signed it. */
final class PlainBody implements ObjectBody {
    private final RequestBody body;
    private final @Nullable String expectedHex;
    private final @Nullable RunningSha256 sha256;
    private long received;
    private boolean ended;

    /** @param expectedHex the body's SHA-256, or null when nobody promised one */
    PlainBody(RequestBody body, @Nullable String expectedHex) {
        this.body = body;
        this.expectedHex = expectedHex;
        this.sha256 = expectedHex == null ? null : new RunningSha256();
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public @Nullable ByteBuffer read() throws S3Exception, IOException {
        if (ended) {
            return null;
        }
        ByteBuffer bytes;
        try {
            bytes = body.read();
        } catch (RequestBodyException e) {
            throw PayloadErrors.of(e);
        }
        if (bytes == null) {
            checkEnd();
            ended = true;
            return null;
        }
        received += bytes.remaining();
        if (sha256 != null) {
            sha256.update(bytes);
        }
        return bytes;
    }

    private void checkEnd() throws S3Exception {
        if (body.length() >= 0 && received != body.length()) {
            throw PayloadErrors.wrongLength();
        }
        if (sha256 != null && expectedHex != null) {
            String computed = HexFormat.of().formatHex(sha256.digest());
            if (!computed.equals(expectedHex)) {
                throw new S3Exception(S3Error.X_AMZ_CONTENT_SHA256_MISMATCH)
                        .with("ClientComputedContentSHA256", expectedHex)
                        .with("S3ComputedContentSHA256", computed);
            }
        }
    }

    @Override
    public @Nullable String trailer(String name) {
        return null;
    }
}
