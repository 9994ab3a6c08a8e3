package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.payload.ObjectBody;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated, authorised request, as an operation sees it.
 *
 * @param requestId what the client sees as {@code x-amz-request-id}
 * @param host the authority the client used, for Location elements; {@code http(s)://host[:port]}
 * @param tls the version of TLS; null without
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
        @Nullable String tls,
        InetSocketAddress remote,
        long nowMillis,
        @Nullable Bucket authorized,
        Permit permit) {

    /** The same, after a decision that the pipeline left to the operation. */
    public S3Request with(Permit decided) {
        return new S3Request(
                requestId,
                method,
                target,
                query,
                headers,
                identity,
                body,
                host,
                tls,
                remote,
                nowMillis,
                authorized,
                decided);
    }

    /** AccessDenied for who hasn't signed, whatever the bucket allows. */
    public Identity.Signed requireSigned(String refusal) throws S3Exception {
        if (identity instanceof Identity.Signed signed) {
            return signed;
        }
        throw new S3Exception(S3Error.ACCESS_DENIED, refusal);
    }

    /** Whether nobody on the way could read it. */
    public boolean secure() {
        return tls != null;
    }

    /** What conditions of policies may ask for. */
    public Circumstances circumstances() {
        return new Circumstances(method, query, headers, remote, tls, nowMillis);
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
