package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.http.RequestBody;
import io.coffer.gateway.payload.ObjectBodies;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.payload.PayloadCheck;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import java.io.IOException;
import java.nio.ByteBuffer;

/** What a request's body may be, checked before any of it is read where the head tells. */
final class BodyPolicies {
    /** Bytes of one PutObject or UploadPart: Amazon's 5 GiB. */
    static final long MAX_DATA_BYTES = 5L << 30;

    /** The longest document: 1,000 deletes of the longest keys, percent-encoded, take 6 MB. */
    static final long MAX_DOCUMENT_BYTES = 8L << 20;

    /** What a body may have that nobody asked for; it is read only to verify its signature. */
    static final long MAX_IGNORED_BYTES = 64L << 10;

    /** What a request without a body says of it when it signs it: the SHA-256 of no bytes. */
    private static final PayloadCheck NOTHING =
            new PayloadCheck.Sha256("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");

    private BodyPolicies() {}

    static ObjectBody open(BodyPolicy policy, RequestBody body, PayloadCheck check, Headers headers)
            throws S3Exception, IOException {
        ObjectBody opened = ObjectBodies.open(body, check, headers);
        switch (policy) {
            case DATA -> {
                if (opened.length() < 0) {
                    throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
                }
                if (opened.length() > MAX_DATA_BYTES) {
                    throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                            .with("ProposedSize", Long.toString(opened.length()))
                            .with("MaxSizeAllowed", Long.toString(MAX_DATA_BYTES));
                }
            }
            case DOCUMENT -> requireAtMost(opened.length(), MAX_DOCUMENT_BYTES);
            case NONE -> {
                if (body.length() != 0 || !(check.equals(PayloadCheck.UNSIGNED) || check.equals(NOTHING))) {
                    ignore(opened);
                }
            }
        }
        return opened;
    }

    /** Reads to the verified end, so that a signature over a body holds even where the body doesn't matter. */
    private static void ignore(ObjectBody body) throws S3Exception, IOException {
        requireAtMost(body.length(), MAX_IGNORED_BYTES);
        long read = 0;
        for (ByteBuffer piece = body.read(); piece != null; piece = body.read()) {
            read += piece.remaining();
            requireAtMost(read, MAX_IGNORED_BYTES);
        }
    }

    private static void requireAtMost(long length, long limit) throws S3Exception {
        if (length > limit) {
            throw new S3Exception(S3Error.MAX_MESSAGE_LENGTH_EXCEEDED)
                    .with("MaxMessageLengthBytes", Long.toString(limit));
        }
    }
}
