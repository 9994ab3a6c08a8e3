package io.coffer.gateway.s3.operation;

import io.coffer.common.id.AccountId;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** What is forbidden for a bucket, by itself or by its owner's account. May block. */
@FunctionalInterface
public interface PublicBlocks {
    /** @param ofBucket what the bucket says; null for nothing, and for a bucket that isn't there yet */
    PublicAccessBlock of(AccountId owner, @Nullable PublicAccessBlock ofBucket) throws S3Exception;
}
