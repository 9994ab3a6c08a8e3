package io.coffer.metaserver.model;

import io.coffer.common.metadata.Bucket;

/**
 * A bucket.
 *
 * @param foldedName the form in which its name is unique, under which it is stored
 */
public record StoredBucket(Bucket bucket, String foldedName) {
    public StoredBucket withState(Bucket.State state) {
        return new StoredBucket(
                new Bucket(
                        bucket.id(),
                        bucket.name(),
                        bucket.owner(),
                        bucket.region(),
                        bucket.createdMillis(),
                        state,
                        bucket.versioning(),
                        bucket.policy(),
                        bucket.partitions()),
                foldedName);
    }
}
