package io.coffer.gateway.s3.operation;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;

/**
 * An authenticated, authorised request, as an operation sees it.
 *
 * @param requestId what the client sees as {@code x-amz-request-id}
 * @param host the authority the client used, for Location elements; {@code http(s)://host[:port]}
 * @param nowMillis the gateway's clock at arrival
 */
public record S3Request(
        String requestId,
        String method,
        Target target,
        QueryParameters query,
        Headers headers,
        Identity identity,
        ObjectBody body,
        String host,
        boolean secure,
        long nowMillis) {

    /** The bucket of a bucket or object target. */
    public String bucket() {
        return switch (target) {
            case Target.Service() -> throw new IllegalStateException("a service request has no bucket");
            case Target.BucketTarget(String bucket) -> bucket;
            case Target.ObjectTarget(String bucket, String key) -> bucket;
        };
    }

    /** The key of an object target. */
    public String key() {
        if (target instanceof Target.ObjectTarget(String bucket, String key)) {
            return key;
        }
        throw new IllegalStateException("not an object request");
    }
}
