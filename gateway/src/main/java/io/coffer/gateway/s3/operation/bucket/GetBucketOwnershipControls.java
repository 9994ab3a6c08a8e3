package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.OwnershipControls;
import java.util.Set;

/** Tells whose the objects are that others write into a bucket. */
public final class GetBucketOwnershipControls implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketOwnershipControls",
            Route.of("GET", Route.Kind.BUCKET, "ownershipControls"),
            Set.of("s3:GetBucketOwnershipControls"),
            BodyPolicy.NONE);

    private final Buckets buckets;

    public GetBucketOwnershipControls(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        ObjectOwnership ownership = bucket.settings().ownership();
        if (ownership == null) {
            throw new S3Exception(S3Error.OWNERSHIP_CONTROLS_NOT_FOUND).with("BucketName", bucket.name());
        }
        return S3Response.xml(200, Headers.EMPTY, new OwnershipControls(ownership).toXml());
    }
}
