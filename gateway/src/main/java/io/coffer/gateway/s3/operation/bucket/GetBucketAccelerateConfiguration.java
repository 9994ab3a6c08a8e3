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
import io.coffer.gateway.s3.xml.AccelerateConfiguration;
import java.util.Set;

/** Tells whether acceleration of a bucket was suspended explicitly; it never is on. */
public final class GetBucketAccelerateConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketAccelerateConfiguration",
            Route.of("GET", Route.Kind.BUCKET, "accelerate"),
            Set.of("s3:GetAccelerateConfiguration"),
            BodyPolicy.NONE);

    private final Buckets buckets;

    public GetBucketAccelerateConfiguration(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        boolean suspended = buckets.of(request).settings().accelerationSuspended();
        return S3Response.xml(200, Headers.EMPTY, AccelerateConfiguration.toXml(suspended));
    }
}
