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
import io.coffer.gateway.s3.xml.CorsConfiguration;
import java.util.Set;

/** Tells from which web sites browsers may use a bucket. */
public final class GetBucketCors implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketCors", Route.of("GET", Route.Kind.BUCKET, "cors"), Set.of("s3:GetBucketCORS"), BodyPolicy.NONE);

    private final Buckets buckets;
    private final BucketDocuments documents;

    public GetBucketCors(Buckets buckets, BucketDocuments documents) {
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
        CorsConfiguration cors =
                documents.find(bucket, DocumentKind.CORS, CorsConfiguration.class, CorsConfiguration::parse);
        if (cors == null) {
            throw new S3Exception(S3Error.NO_SUCH_CORS_CONFIGURATION).with("BucketName", bucket.name());
        }
        return S3Response.xml(200, Headers.EMPTY, cors.toXml());
    }
}
