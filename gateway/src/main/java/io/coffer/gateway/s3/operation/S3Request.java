package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated, authorised request, as an operation sees it.
 *
 * @param requestId what the client sees as {@code x-amz-request-id}
 * @param host the authority the client used, for Location elements; {@code http(s)://host[:port]}
 * @param remote the socket's peer
 * @param nowMillis the gateway's clock at arrival
 * @param authorized the target's bucket as the decision saw it, so that nothing else is acted on; null for the service, and for a
 *     bucket that is about to be created
 * @param permit what was decided
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
        InetSocketAddress remote,
        long nowMillis,
        @Nullable Bucket authorized,
        Permit permit) {

    /** What conditions of policies may ask for. */
    public Circumstances circumstances() {
        return new Circumstances(method, query, headers, remote, secure, nowMillis);
    }

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
