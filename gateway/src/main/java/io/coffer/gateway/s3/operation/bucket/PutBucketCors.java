package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.CorsConfiguration;
import java.io.IOException;
import java.util.Set;

/** Says from which web sites browsers may use a bucket, in the place of what was said before. */
public final class PutBucketCors implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketCors",
            Route.of("PUT", Route.Kind.BUCKET, "cors"),
            Set.of("s3:PutBucketCORS"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutBucketCors(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        CorsConfiguration cors = CorsConfiguration.parse(Documents.readPromised(request));
        changes.put(buckets.of(request), DocumentKind.CORS, cors.toXml());
        return S3Response.empty(200, Headers.EMPTY);
    }
}
