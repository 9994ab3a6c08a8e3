package io.coffer.gateway.s3.operation.bucket;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.RequestPaymentConfiguration;
import java.io.IOException;
import java.util.Set;

/** Says who pays for requests to a bucket, which changes nothing: it can only be its owner. */
public final class PutBucketRequestPayment implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketRequestPayment",
            Route.of("PUT", Route.Kind.BUCKET, "requestPayment"),
            Set.of("s3:PutBucketRequestPayment"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;

    public PutBucketRequestPayment(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        RequestPaymentConfiguration.check(Documents.readRequired(request));
        buckets.of(request);
        return S3Response.empty(200, Headers.EMPTY);
    }
}
