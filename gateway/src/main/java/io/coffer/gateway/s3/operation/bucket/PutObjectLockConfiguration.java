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
import io.coffer.gateway.s3.xml.ObjectLockConfiguration;
import java.io.IOException;
import java.util.Set;

/** Lets the versions of a bucket be locked, for good, and says how long new ones are. */
public final class PutObjectLockConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutObjectLockConfiguration",
            Route.of("PUT", Route.Kind.BUCKET, "object-lock"),
            Set.of("s3:PutBucketObjectLockConfiguration"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutObjectLockConfiguration(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        ObjectLockConfiguration asked = ObjectLockConfiguration.parse(Documents.readPromised(request));
        Bucket bucket = buckets.of(request);
        try {
            changes.set(bucket, new BucketSetting.Locks(asked.lock()));
        } catch (S3Exception e) {
            throw e.error() == S3Error.INVALID_BUCKET_STATE
                    ? new S3Exception(
                            S3Error.INVALID_BUCKET_STATE,
                            "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration")
                    : e;
        }
        return S3Response.empty(200, Headers.EMPTY);
    }
}
