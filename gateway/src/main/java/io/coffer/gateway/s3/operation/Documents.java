package io.coffer.gateway.s3.operation;

import io.coffer.gateway.payload.BodyDigests;
import io.coffer.gateway.payload.ExpectedDigests;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads documents that requests carry: whole, bounded, and verified before anybody looks at them. */
public final class Documents {
    private static final int FIRST_CAPACITY = 4096;

    private Documents() {}

    /** The body, which must be what the request's Content-MD5 and checksum say. */
    public static ByteBuffer read(S3Request request) throws S3Exception, IOException {
        return verified(request, ExpectedDigests.from(request.headers()));
    }

    /** The same, of a request that must have one and must say so. */
    public static ByteBuffer readPromised(S3Request request) throws S3Exception, IOException {
        ExpectedDigests expected = ExpectedDigests.from(request.headers());
        if (!expected.any()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        ByteBuffer document = verified(request, expected);
        if (!document.hasRemaining()) {
            throw new S3Exception(S3Error.MISSING_REQUEST_BODY);
        }
        return document;
    }

    /** The body of a request that must have one. */
    public static ByteBuffer readRequired(S3Request request) throws S3Exception, IOException {
        ByteBuffer document = read(request);
        if (!document.hasRemaining()) {
            throw new S3Exception(S3Error.MISSING_REQUEST_BODY);
        }
        return document;
    }

    private static ByteBuffer verified(S3Request request, ExpectedDigests expected) throws S3Exception, IOException {
        ByteBuffer document = readUnverified(request);
        if (expected.any()) {
            try (BodyDigests digests = expected.digestsWith(document.remaining(), false)) {
                digests.update(document);
                expected.verify(digests, request.body());
            }
        }
        return document;
    }

    /** The body of a request whose checksum headers are about something else. */
    public static ByteBuffer readUnverified(S3Request request) throws S3Exception, IOException {
        ObjectBody body = request.body();
        if (body.length() > Limits.MAX_DOCUMENT_BYTES) {
            throw tooLong();
        }
        byte[] bytes = new byte[body.length() < 0 ? FIRST_CAPACITY : (int) body.length()];
        int length = 0;
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            int more = piece.remaining();
            if (more > Limits.MAX_DOCUMENT_BYTES - length) {
                throw tooLong();
            }
            if (more > bytes.length - length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
            }
            piece.get(bytes, length, more);
            length += more;
        }
        return ByteBuffer.wrap(bytes, 0, length);
    }

    private static S3Exception tooLong() {
        return new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                .with("MaxMessageLengthBytes", Integer.toString(Limits.MAX_DOCUMENT_BYTES));
    }
}
