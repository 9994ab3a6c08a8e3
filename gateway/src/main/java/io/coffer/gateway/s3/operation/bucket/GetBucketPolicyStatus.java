package io.coffer.gateway.s3.operation.bucket;

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
import io.coffer.gateway.s3.xml.XmlWriter;
import java.util.Set;

/** Tells whether a bucket's policy lets everybody do anything. */
public final class GetBucketPolicyStatus implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketPolicyStatus",
            Route.of("GET", Route.Kind.BUCKET, "policyStatus"),
            Set.of("s3:GetBucketPolicyStatus"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketDocuments documents;

    public GetBucketPolicyStatus(Buckets buckets, BucketDocuments documents) {
        this.buckets = buckets;
        this.documents = documents;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        boolean isPublic = Policies.required(buckets.of(request), documents).isPublic();
        return S3Response.xml(
                200,
                Headers.EMPTY,
                new XmlWriter()
                        .root("PolicyStatus")
                        .element("IsPublic", isPublic)
                        .close("PolicyStatus")
                        .document());
    }
}
