package io.coffer.gateway.s3;

import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Target;
import org.jspecify.annotations.Nullable;

/**
 * What a request line and host name say.
 *
 * @param path decoded
 * @param rawPath as it was on the wire
 * @param hostBucket the bucket that the host name tells, or null with path style
 */
record ParsedRequest(
        Target target,
        String path,
        String rawPath,
        QueryParameters query,
        @Nullable String hostBucket) {
    /** Path style, whatever the request used: what the error document names. */
    String resource() {
        return hostBucket == null ? path : '/' + hostBucket + path;
    }
}
