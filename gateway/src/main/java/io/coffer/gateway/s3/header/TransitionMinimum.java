package io.coffer.gateway.s3.header;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;

/**
 * {@code x-amz-transition-default-minimum-object-size}: which objects are too small to be moved to another storage class. It is told as it
 * was given; there is no other class to move them to.
 */
public final class TransitionMinimum {
    private static final String HEADER = "x-amz-transition-default-minimum-object-size";
    private static final String ALL = "all_storage_classes_128K";
    private static final String VARIES = "varies_by_storage_class";

    private TransitionMinimum() {}

    /** Whether the class decides. */
    public static boolean varies(Headers headers) throws S3Exception {
        String given = headers.first(HEADER);
        return switch (given) {
            case null -> false;
            case ALL -> false;
            case VARIES -> true;
            default ->
                throw new S3Exception(
                        S3Error.INVALID_REQUEST, "Invalid TransitionDefaultMinimumObjectSize found: " + given);
        };
    }

    public static void write(boolean varies, Headers.Builder response) {
        response.add(HEADER, varies ? VARIES : ALL);
    }
}
