package io.coffer.gateway.s3.operation.bucket;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketLifecycle;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** Deletes a bucket that has no versions and no delete markers; uploads in progress are aborted. */
public final class DeleteBucket implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "DeleteBucket", Route.of("DELETE", Route.Kind.BUCKET), Set.of("s3:DeleteBucket"), BodyPolicy.NONE);

    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final BucketLifecycle lifecycle;

    public DeleteBucket(Buckets buckets, BucketLifecycle lifecycle) {
        this.buckets = buckets;
        this.lifecycle = lifecycle;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        try {
            lifecycle.delete(buckets.of(request));
        } catch (S3Exception e) {
            throw e.error() == S3Error.BUCKET_NOT_EMPTY ? e.with("BucketName", request.bucket()) : e;
        }
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }
}
