package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.BucketSetting;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** Takes back what was set of a bucket's encryption; new objects are encrypted as the store does by itself. */
public final class DeleteBucketEncryption implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "DeleteBucketEncryption",
            Route.of("DELETE", Route.Kind.BUCKET, "encryption"),
            Set.of("s3:PutEncryptionConfiguration"),
            BodyPolicy.NONE);
    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final BucketChanges changes;

    public DeleteBucketEncryption(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        changes.set(buckets.of(request), new BucketSetting.Encrypted(null));
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }
}
