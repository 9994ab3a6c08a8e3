package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.ObjectLockConfiguration;
import java.util.Set;

/** Tells whether and for how long versions of a bucket are locked, which holds when it is told. */
public final class GetObjectLockConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetObjectLockConfiguration",
            Route.of("GET", Route.Kind.BUCKET, "object-lock"),
            Set.of("s3:GetBucketObjectLockConfiguration"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketChanges changes;

    public GetObjectLockConfiguration(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        changes.settle(bucket);
        ObjectLock lock = bucket.settings().partition().lock();
        if (!lock.enabled()) {
            throw new S3Exception(S3Error.OBJECT_LOCK_CONFIGURATION_NOT_FOUND).with("BucketName", bucket.name());
        }
        return S3Response.xml(200, Headers.EMPTY, new ObjectLockConfiguration(lock).toXml());
    }
}
