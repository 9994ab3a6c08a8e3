package io.coffer.metaserver.model;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSettings;

/**
 * A bucket.
 *
 * @param foldedName the form in which its name is unique, under which it is stored
 */
public record StoredBucket(Bucket bucket, String foldedName) {
    public StoredBucket withState(Bucket.State state) {
        return new StoredBucket(bucket.withState(state), foldedName);
    }

    public StoredBucket withSettings(BucketSettings settings) {
        return new StoredBucket(bucket.withSettings(settings), foldedName);
    }
}
