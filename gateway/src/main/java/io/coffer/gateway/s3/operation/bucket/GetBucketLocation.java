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
import io.coffer.gateway.s3.xml.XmlWriter;
import java.util.Set;

/** Tells a bucket's region; {@code us-east-1} is told by saying nothing. */
public final class GetBucketLocation implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketLocation",
            Route.of("GET", Route.Kind.BUCKET, "location"),
            Set.of("s3:GetBucketLocation"),
            BodyPolicy.NONE);

    private final Buckets buckets;

    public GetBucketLocation(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        String constraint = bucket.region().equals("us-east-1") ? "" : bucket.region();
        return S3Response.xml(
                200,
                Headers.EMPTY,
                new XmlWriter().rootElement("LocationConstraint", constraint).document());
    }
}
