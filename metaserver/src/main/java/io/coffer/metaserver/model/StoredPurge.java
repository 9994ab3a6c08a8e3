package io.coffer.metaserver.model;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Purge;

/**
 * The deletion of all that is in a bucket.
 *
 * @param versions that were deleted, delete markers included
 * @param bytes of them
 * @param kept locked versions that were met
 * @param ended whether only locked versions are left
 */
public record StoredPurge(long begunMillis, long versions, long bytes, long kept, boolean ended) {
    public Purge of(Bucket bucket) {
        return new Purge(bucket, begunMillis, versions, bytes, kept, ended);
    }
}
