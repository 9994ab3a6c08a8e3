package io.coffer.gateway.payload;

import io.coffer.gateway.http.RequestBodyException;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/** What S3 says of bodies that don't hold what they promised. */
final class PayloadErrors {
    private PayloadErrors() {}

    /** Fewer or more bytes than the head declared. */
    static S3Exception wrongLength() {
        return new S3Exception(S3Error.INCOMPLETE_BODY);
    }

    /** Framing that isn't aws-chunked, or ends early; S3 has one answer for both. */
    static S3Exception brokenFraming() {
        return new S3Exception(S3Error.INCOMPLETE_BODY, "The request body terminated unexpectedly");
    }

    static S3Exception of(RequestBodyException e) {
        return switch (e.reason()) {
            case INCOMPLETE -> wrongLength();
            case TIMEOUT -> new S3Exception(S3Error.REQUEST_TIMEOUT);
            case MALFORMED ->
                new S3Exception(S3Error.INVALID_REQUEST, "The transfer coding of the request body is malformed.");
        };
    }
}
