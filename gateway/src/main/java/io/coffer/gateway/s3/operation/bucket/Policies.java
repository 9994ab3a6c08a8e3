package io.coffer.gateway.s3.operation.bucket;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Buckets;
import io.coffer.gateway.s3.operation.Identity;
import io.coffer.gateway.s3.operation.S3Request;

/** What the operations on policies have in common. */
final class Policies {
    private Policies() {}

    /** The bucket of a request whose sender owns it: others are refused even where the policy itself allows them. */
    static Bucket ownersBucket(Buckets buckets, S3Request request) throws S3Exception {
        Bucket bucket = buckets.of(request);
        boolean owner = request.identity() instanceof Identity.Signed signed
                && signed.accountId().equals(bucket.owner());
        if (!owner) {
            throw new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                    .with("Method", request.method())
                    .with("ResourceType", "BUCKETPOLICY");
        }
        return bucket;
    }

    /** NoSuchBucketPolicy. */
    static BucketPolicy required(Bucket bucket, BucketDocuments documents) throws S3Exception {
        BucketPolicy policy = documents.find(
                bucket,
                DocumentKind.POLICY,
                BucketPolicy.class,
                content -> BucketPolicy.parseStored(content, bucket.name()));
        if (policy == null) {
            throw new S3Exception(S3Error.NO_SUCH_BUCKET_POLICY).with("BucketName", bucket.name());
        }
        return policy;
    }
}
