package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** Tells a bucket's policy as its owner wrote it, and only its owner. */
public final class GetBucketPolicy implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketPolicy",
            Route.of("GET", Route.Kind.BUCKET, "policy"),
            Set.of("s3:GetBucketPolicy"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketDocuments documents;

    public GetBucketPolicy(Buckets buckets, BucketDocuments documents) {
        this.buckets = buckets;
        this.documents = documents;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = Policies.ownersBucket(buckets, request);
        BucketPolicy policy = Policies.required(bucket, documents);
        return S3Response.xml(
                200,
                Headers.of("Content-Type", "application/json"),
                ByteBuffer.wrap(policy.text().getBytes(StandardCharsets.UTF_8)));
    }
}
