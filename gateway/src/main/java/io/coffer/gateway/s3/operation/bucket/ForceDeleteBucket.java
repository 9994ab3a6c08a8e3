package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
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

/**
 * Deletes a bucket with all that is in it: {@code DELETE ?force_delete=true} of the Kontenum and Wasabi dialect. What is empty is gone at
 * once; everything else goes in the background, and what is locked stays, and the bucket with it.
 */
public final class ForceDeleteBucket implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "ForceDeleteBucket",
            Route.of("DELETE", Route.Kind.BUCKET, "force_delete"),
            Set.of("s3:DeleteBucket", "s3:ForceDeleteBucket"),
            BodyPolicy.NONE);

    private static final String PARAMETER = "force_delete";
    private static final int ACCEPTED = 202;
    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final BucketLifecycle lifecycle;

    public ForceDeleteBucket(Buckets buckets, BucketLifecycle lifecycle) {
        this.buckets = buckets;
        this.lifecycle = lifecycle;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    /** Nothing but {@code true} deletes what is in a bucket. */
    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        String value = request.query().first(PARAMETER);
        if (!"true".equals(value)) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "force_delete must be true")
                    .with("ArgumentName", PARAMETER)
                    .with("ArgumentValue", String.valueOf(value));
        }
        Bucket bucket = buckets.of(request);
        try {
            lifecycle.delete(bucket);
            return S3Response.empty(NO_CONTENT, Headers.EMPTY);
        } catch (S3Exception e) {
            if (e.error() != S3Error.BUCKET_NOT_EMPTY) {
                throw e;
            }
            lifecycle.purge(bucket);
            return S3Response.empty(ACCEPTED, Headers.EMPTY);
        }
    }
}
