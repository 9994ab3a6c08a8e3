package io.coffer.gateway.s3.operation.bucket;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.RequestPaymentConfiguration;
import java.util.Set;

/** Tells who pays for requests to a bucket: its owner. */
public final class GetBucketRequestPayment implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketRequestPayment",
            Route.of("GET", Route.Kind.BUCKET, "requestPayment"),
            Set.of("s3:GetBucketRequestPayment"),
            BodyPolicy.NONE);

    private final Buckets buckets;

    public GetBucketRequestPayment(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        buckets.of(request);
        return S3Response.xml(200, Headers.EMPTY, RequestPaymentConfiguration.toXml());
    }
}
