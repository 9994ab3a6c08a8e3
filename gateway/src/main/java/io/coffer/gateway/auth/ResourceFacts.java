package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.access.policy.BucketPolicy;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** What the decision must know of what is acted on. May block; a bucket that has none of it costs nothing. */
public interface ResourceFacts {
    /** The bucket's policy; null when it has none. */
    @Nullable
    BucketPolicy policy(Bucket bucket) throws S3Exception;

    /** The bucket's grants; null when only its owner has any. */
    @Nullable
    AccessControlList acl(Bucket bucket) throws S3Exception;

    /** What an account forbids for all of its buckets; null when it says nothing. */
    @Nullable
    PublicAccessBlock accountBlock(AccountId owner) throws S3Exception;

    /**
     * The version that a request means; null when there is none, or only a delete marker.
     *
     * @param versionId null for the current one
     */
    @Nullable
    ObjectVersion version(Bucket bucket, String key, @Nullable String versionId) throws S3Exception;

    /** Who began an upload; null when there is none with that id. */
    @Nullable
    AccountId initiator(Bucket bucket, String key, String uploadId) throws S3Exception;
}
