package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.object.BucketChanges;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Documents;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.EncryptionConfiguration;
import java.io.IOException;
import java.util.Set;

/** Says how a bucket's new objects are encrypted where their writers say nothing, and which writers are refused; what is there stays as it is. */
public final class PutBucketEncryption implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "PutBucketEncryption",
            Route.of("PUT", Route.Kind.BUCKET, "encryption"),
            Set.of("s3:PutEncryptionConfiguration"),
            BodyPolicy.DOCUMENT);

    private final Buckets buckets;
    private final BucketChanges changes;
    private final ObjectEncryption encryption;

    public PutBucketEncryption(Buckets buckets, BucketChanges changes, ObjectEncryption encryption) {
        this.buckets = buckets;
        this.changes = changes;
        this.encryption = encryption;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception, IOException {
        BucketEncryption asked =
                EncryptionConfiguration.parse(Documents.readRequired(request)).encryption();
        Bucket bucket = buckets.of(request);
        if (asked.method() != null) {
            encryption.requireOffered();
        }
        changes.set(bucket, new BucketSetting.Encrypted(asked));
        return S3Response.empty(200, Headers.EMPTY);
    }
}
