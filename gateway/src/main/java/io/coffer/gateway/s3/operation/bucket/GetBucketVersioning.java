package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
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
import io.coffer.gateway.s3.xml.VersioningConfiguration;
import java.util.Set;

/** Tells whether a bucket's versions are kept, which holds when it is told: a change that is under way is finished first. */
public final class GetBucketVersioning implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketVersioning",
            Route.of("GET", Route.Kind.BUCKET, "versioning"),
            Set.of("s3:GetBucketVersioning"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketChanges changes;

    public GetBucketVersioning(Buckets buckets, BucketChanges changes) {
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
        return S3Response.xml(200, Headers.EMPTY, new VersioningConfiguration(bucket.versioning()).toXml());
    }
}
