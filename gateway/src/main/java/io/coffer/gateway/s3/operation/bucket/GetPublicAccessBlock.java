package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.PublicAccessBlock;
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
import io.coffer.gateway.s3.xml.PublicAccessBlockConfiguration;
import java.util.Set;

/** Tells what is forbidden for a bucket of grants to the public; not what its account forbids. */
public final class GetPublicAccessBlock implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetPublicAccessBlock",
            Route.of("GET", Route.Kind.BUCKET, "publicAccessBlock"),
            Set.of("s3:GetBucketPublicAccessBlock"),
            BodyPolicy.NONE);

    private final Buckets buckets;

    public GetPublicAccessBlock(Buckets buckets) {
        this.buckets = buckets;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        PublicAccessBlock block = bucket.settings().publicAccessBlock();
        if (block == null) {
            throw new S3Exception(S3Error.NO_SUCH_PUBLIC_ACCESS_BLOCK).with("BucketName", bucket.name());
        }
        return S3Response.xml(200, Headers.EMPTY, new PublicAccessBlockConfiguration(block).toXml());
    }
}
