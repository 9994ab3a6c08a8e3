package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.header.TransitionMinimum;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.LifecycleDocument;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.LifecycleConfiguration;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Says what becomes of a bucket's objects with time, in the place of what was said before. */
public final class PutBucketLifecycleConfiguration implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketLifecycleConfiguration",
            Route.of("PUT", Route.Kind.BUCKET, "lifecycle"),
            Set.of("s3:PutLifecycleConfiguration"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;
    private final Supplier<RandomGenerator> random;

    /** @param random a source for the calling thread */
    public PutBucketLifecycleConfiguration(Buckets buckets, BucketChanges changes, Supplier<RandomGenerator> random) {
        this.buckets = buckets;
        this.changes = changes;
        this.random = random;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        boolean varies = TransitionMinimum.varies(request.headers());
        LifecycleConfiguration configuration =
                LifecycleConfiguration.parse(Documents.readPromised(request), random.get());
        LifecycleRules rules = new LifecycleRules(configuration.rules(), varies);
        changes.put(buckets.of(request), DocumentKind.LIFECYCLE, LifecycleDocument.write(rules));
        Headers.Builder response = new Headers.Builder();
        TransitionMinimum.write(varies, response);
        return S3Response.empty(200, response.build());
    }
}
