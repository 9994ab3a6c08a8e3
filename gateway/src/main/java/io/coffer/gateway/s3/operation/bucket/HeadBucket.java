package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.util.Set;

/** Tells whether a bucket is there and where. */
public final class HeadBucket implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "HeadBucket", Route.of("HEAD", Route.Kind.BUCKET), Set.of("s3:ListBucket"), BodyPolicy.NONE);

    private final Buckets buckets;

    public HeadBucket(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        return S3Response.empty(
                200,
                Headers.of(
                        "x-amz-bucket-arn",
                        "arn:aws:s3:::" + bucket.name(),
                        "x-amz-bucket-region",
                        bucket.region(),
                        "x-amz-access-point-alias",
                        "false",
                        "Content-Type",
                        "application/xml"));
    }
}
