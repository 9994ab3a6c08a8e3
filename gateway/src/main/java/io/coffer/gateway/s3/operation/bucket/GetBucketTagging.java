package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.client.BucketDocuments;
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
import io.coffer.gateway.s3.xml.Tagging;
import java.util.Set;

/** Tells the tags of a bucket. */
public final class GetBucketTagging implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketTagging",
            Route.of("GET", Route.Kind.BUCKET, "tagging"),
            Set.of("s3:GetBucketTagging"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketDocuments documents;

    public GetBucketTagging(Buckets buckets, BucketDocuments documents) {
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
        Tagging tagging = documents.find(bucket, DocumentKind.TAGGING, Tagging.class, Tagging::parseStored);
        if (tagging == null) {
            throw new S3Exception(S3Error.NO_SUCH_TAG_SET).with("BucketName", bucket.name());
        }
        return S3Response.xml(200, Headers.EMPTY, tagging.toXml());
    }
}
