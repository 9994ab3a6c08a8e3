package io.coffer.gateway.client;

import io.coffer.common.metadata.RefusedException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** What a client is told when the rules of a metadata group refuse: the one mapping from refusals to S3 errors. */
public final class Refusals {
    private Refusals() {}

    public static S3Exception toS3(RefusedException refused) {
        return switch (refused.refusal()) {
            case NO_SUCH_BUCKET, WRONG_PARTITION -> new S3Exception(S3Error.NO_SUCH_BUCKET);
            case NO_SUCH_KEY -> new S3Exception(S3Error.NO_SUCH_KEY);
            case NO_SUCH_VERSION -> new S3Exception(S3Error.NO_SUCH_VERSION);
            case NO_SUCH_UPLOAD -> new S3Exception(S3Error.NO_SUCH_UPLOAD);
            case NO_SUCH_PART -> new S3Exception(S3Error.INVALID_PART_NUMBER);
            case NO_SUCH_ACCOUNT, NO_SUCH_ACCESS_KEY -> new S3Exception(S3Error.INVALID_ACCESS_KEY_ID);
            case BUCKET_EXISTS -> new S3Exception(S3Error.BUCKET_ALREADY_EXISTS);
            case BUCKET_OWNED_BY_YOU -> new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU);
            case BUCKET_NOT_EMPTY -> new S3Exception(S3Error.BUCKET_NOT_EMPTY);
            case TOO_MANY_BUCKETS -> new S3Exception(S3Error.TOO_MANY_BUCKETS);
            case OBJECT_LOCKED ->
                new S3Exception(S3Error.ACCESS_DENIED, "Access Denied because object protected by object lock.");
            case PRECONDITION_FAILED -> new S3Exception(S3Error.PRECONDITION_FAILED);
            case SOURCE_CHANGED -> new S3Exception(S3Error.OPERATION_ABORTED);
            case INVALID_PART -> new S3Exception(S3Error.INVALID_PART);
            case INVALID_PART_ORDER -> new S3Exception(S3Error.INVALID_PART_ORDER);
            case ENTITY_TOO_SMALL -> new S3Exception(S3Error.ENTITY_TOO_SMALL);
            case ENTITY_TOO_LARGE -> new S3Exception(S3Error.ENTITY_TOO_LARGE);
            case CHECKSUM_MISMATCH -> new S3Exception(S3Error.BAD_DIGEST);
            case SOURCE_CONDITION_FAILED -> new S3Exception(S3Error.PRECONDITION_FAILED);
            case TOKEN_REUSED -> new S3Exception(S3Error.IDEMPOTENCY_PARAMETER_MISMATCH);
            case WRONG_OFFSET -> new S3Exception(S3Error.INVALID_WRITE_OFFSET);
            case TOO_MANY_PARTS -> new S3Exception(S3Error.TOO_MANY_PARTS);
            case SIZE_MISMATCH, INVALID_APPEND -> new S3Exception(S3Error.INVALID_REQUEST, refused.detail());
            case EXTENT_TOO_OLD -> new S3Exception(S3Error.REQUEST_TIMEOUT);
            case NO_SPACE -> new S3Exception(S3Error.SLOW_DOWN);
            case REQUEST_TOO_OLD, STALE_EPOCH, SEAL_TOO_OLD -> new S3Exception(S3Error.SERVICE_UNAVAILABLE);
            case INVALID_BUCKET_STATE -> new S3Exception(S3Error.INVALID_BUCKET_STATE);
            case INVALID_ARGUMENT -> new S3Exception(S3Error.INVALID_ARGUMENT, refused.detail());
            case ACCOUNT_EXISTS,
                    ACCOUNT_NOT_EMPTY,
                    ACCESS_KEY_EXISTS,
                    NO_SUCH_DISK,
                    NO_SUCH_VOLUME,
                    NO_SUCH_NODE,
                    NODE_IN_USE,
                    NODE_REMOVED,
                    INVALID_TOKEN,
                    NO_SUCH_DOCUMENT ->
                throw new IllegalStateException("not an answer to an S3 request: " + refused.getMessage());
        };
    }
}
