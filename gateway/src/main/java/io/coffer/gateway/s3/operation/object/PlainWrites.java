package io.coffer.gateway.s3.operation.object;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.Keys;
import io.coffer.gateway.s3.operation.Limits;
import io.coffer.gateway.s3.operation.S3Request;

/** What a write must not be: a key or body that is too long, or half of an UploadPart. */
final class PlainWrites {
    private PlainWrites() {}

    static void check(S3Request request) throws S3Exception {
        Keys.check(request.key());
        for (String parameter : new String[] {"uploadId", "partNumber"}) {
            if (request.query().contains(parameter)) {
                throw new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "This operation does not accept one of uploadId and partNumber without the other")
                        .with("ArgumentName", parameter)
                        .with("ArgumentValue", String.valueOf(request.query().first(parameter)));
            }
        }
    }

    static void checkSize(long length) throws S3Exception {
        if (length > Limits.MAX_PUT_BYTES) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .with("ProposedSize", Long.toString(length))
                    .with("MaxSizeAllowed", Long.toString(Limits.MAX_PUT_BYTES));
        }
    }
}
