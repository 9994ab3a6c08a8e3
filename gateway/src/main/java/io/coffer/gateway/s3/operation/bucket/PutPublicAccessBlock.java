package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.BucketSetting;
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
import io.coffer.gateway.s3.xml.PublicAccessBlockConfiguration;
import java.io.IOException;
import java.util.Set;

/** Forbids grants to the public for a bucket, or what comes of them; what is not said is allowed. */
public final class PutPublicAccessBlock implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutPublicAccessBlock",
            Route.of("PUT", Route.Kind.BUCKET, "publicAccessBlock"),
            Set.of("s3:PutBucketPublicAccessBlock"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutPublicAccessBlock(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        PublicAccessBlockConfiguration asked = PublicAccessBlockConfiguration.parse(Documents.readRequired(request));
        changes.set(buckets.of(request), new BucketSetting.PublicAccess(asked.block()));
        return S3Response.empty(200, Headers.EMPTY);
    }
}
