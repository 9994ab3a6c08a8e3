package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TagSet;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.Tagging;
import java.io.IOException;
import java.util.Set;

/** Gives a bucket tags in the place of all that it has. */
public final class PutBucketTagging implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketTagging",
            Route.of("PUT", Route.Kind.BUCKET, "tagging"),
            Set.of("s3:PutBucketTagging"),
            BodyPolicy.DOCUMENT);

    private static final int NO_CONTENT = 204;

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutBucketTagging(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        Tagging tagging = Tagging.parse(Documents.readPromised(request), TagSet.Kind.BUCKET);
        Bucket bucket = buckets.of(request);
        if (tagging.tags().tags().isEmpty()) {
            changes.remove(bucket, DocumentKind.TAGGING);
        } else {
            changes.put(bucket, DocumentKind.TAGGING, tagging.toXml());
        }
        return S3Response.empty(NO_CONTENT, Headers.EMPTY);
    }
}
