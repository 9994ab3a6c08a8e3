package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.AccelerateConfiguration;
import java.io.IOException;
import java.util.Set;

/** Suspends the acceleration of a bucket, which is never on. */
public final class PutBucketAccelerateConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketAccelerateConfiguration",
            Route.of("PUT", Route.Kind.BUCKET, "accelerate"),
            Set.of("s3:PutAccelerateConfiguration"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutBucketAccelerateConfiguration(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        AccelerateConfiguration.check(Documents.readRequired(request));
        Bucket bucket = buckets.of(request);
        if (bucket.name().indexOf('.') >= 0) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names");
        }
        changes.set(bucket, new BucketSetting.AccelerationSuspended());
        return S3Response.empty(200, Headers.EMPTY);
    }
}
