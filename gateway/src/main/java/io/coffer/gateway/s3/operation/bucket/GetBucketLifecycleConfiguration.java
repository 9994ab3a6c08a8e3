package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TransitionMinimum;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.LifecycleDocument;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.LifecycleConfiguration;
import java.util.Set;

/** Tells what becomes of a bucket's objects with time. */
public final class GetBucketLifecycleConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketLifecycleConfiguration",
            Route.of("GET", Route.Kind.BUCKET, "lifecycle"),
            Set.of("s3:GetLifecycleConfiguration"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketDocuments documents;

    public GetBucketLifecycleConfiguration(Buckets buckets, BucketDocuments documents) {
        this.buckets = buckets;
        this.documents = documents;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        LifecycleRules rules = LifecycleDocument.find(documents, bucket);
        if (rules == null) {
            throw new S3Exception(S3Error.NO_SUCH_LIFECYCLE_CONFIGURATION).with("BucketName", bucket.name());
        }
        Headers.Builder response = new Headers.Builder();
        TransitionMinimum.write(rules.minimumVaries(), response);
        return S3Response.xml(200, response.build(), new LifecycleConfiguration(rules.rules()).toXml());
    }
}
