package io.coffer.gateway.auth;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.PublicBlocks;
import org.jspecify.annotations.Nullable;

/** What a bucket and its owner's account forbid together: the stricter of both. Thread-safe. */
public final class PublicAccess implements PublicBlocks {
    private static final PublicAccessBlock NOTHING = new PublicAccessBlock(false, false, false, false);

    private final ResourceFacts resources;

    public PublicAccess(ResourceFacts resources) {
        this.resources = resources;
    }

    PublicAccessBlock of(Bucket bucket) throws S3Exception {
        return of(bucket.owner(), bucket.settings().publicAccessBlock());
    }

    @Override
    public PublicAccessBlock of(AccountId owner, @Nullable PublicAccessBlock ofBucket) throws S3Exception {
        return stricter(ofBucket, resources.accountBlock(owner));
    }

    private static PublicAccessBlock stricter(@Nullable PublicAccessBlock one, @Nullable PublicAccessBlock other) {
        if (one == null || other == null) {
            return one != null ? one : other != null ? other : NOTHING;
        }
        return new PublicAccessBlock(
                one.blockPublicAcls() || other.blockPublicAcls(),
                one.ignorePublicAcls() || other.ignorePublicAcls(),
                one.blockPublicPolicy() || other.blockPublicPolicy(),
                one.restrictPublicBuckets() || other.restrictPublicBuckets());
    }
}
