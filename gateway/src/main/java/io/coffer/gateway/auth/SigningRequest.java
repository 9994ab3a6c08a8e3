package io.coffer.gateway.auth;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import org.jspecify.annotations.Nullable;

/**
 * What of a request is signed.
 *
 * @param path decoded once; version 4 signs its canonical encoding
 * @param rawPath as it was on the wire, without the query; version 2 signs this
 * @param hostBucket the bucket that the host name tells, or null with path style
 */
public record SigningRequest(
        String method,
        String path,
        String rawPath,
        QueryParameters query,
        Headers headers,
        @Nullable String hostBucket) {}
