package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.BucketSetting;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.VersioningConfiguration;
import java.io.IOException;
import java.util.Set;

/** Switches a bucket's versioning on, or suspends it; once it was on, a bucket never becomes unversioned again. */
public final class PutBucketVersioning implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketVersioning",
            Route.of("PUT", Route.Kind.BUCKET, "versioning"),
            Set.of("s3:PutBucketVersioning"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;

    public PutBucketVersioning(Buckets buckets, BucketChanges changes) {
        this.buckets = buckets;
        this.changes = changes;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        VersioningConfiguration asked = VersioningConfiguration.parse(Documents.readRequired(request));
        try {
            changes.set(buckets.of(request), new BucketSetting.Versions(asked.versioning()));
        } catch (S3Exception e) {
            throw e.error() == S3Error.INVALID_BUCKET_STATE
                    ? new S3Exception(
                            S3Error.INVALID_BUCKET_STATE,
                            "An Object Lock configuration is present on this bucket, so the versioning state cannot be"
                                    + " changed.")
                    : e;
        }
        return S3Response.empty(200, Headers.EMPTY);
    }
}
