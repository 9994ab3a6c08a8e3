package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketEncryption;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.ObjectEncryption;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.OperationSpec;
import io.coffer.gateway.s3.operation.OperationSpec.BodyPolicy;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.S3Request;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.xml.EncryptionConfiguration;
import java.util.Set;

/** Tells how a bucket's objects are encrypted where their writers say nothing: also where nobody has set it, but the store encrypts. */
public final class GetBucketEncryption implements Operation {
    private static final OperationSpec SPEC = new OperationSpec(
            "GetBucketEncryption",
            Route.of("GET", Route.Kind.BUCKET, "encryption"),
            Set.of("s3:GetEncryptionConfiguration"),
            BodyPolicy.NONE);

    private final Buckets buckets;
    private final ObjectEncryption encryption;

    public GetBucketEncryption(Buckets buckets, ObjectEncryption encryption) {
        this.buckets = buckets;
        this.encryption = encryption;
    }

    @Override
    public OperationSpec spec() {
        return SPEC;
    }

    @Override
    public S3Response handle(S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        BucketEncryption inForce = encryption
                .of(bucket)
                .orElseThrow(() -> new S3Exception(S3Error.SERVER_SIDE_ENCRYPTION_CONFIGURATION_NOT_FOUND)
                        .with("BucketName", bucket.name()));
        return S3Response.xml(200, Headers.EMPTY, new EncryptionConfiguration(inForce).toXml());
    }
}
