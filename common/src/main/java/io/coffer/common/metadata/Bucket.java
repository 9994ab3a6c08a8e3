package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import java.util.List;

/**
 * A bucket.
 *
 * @param name as its creator spelled it
 * @param region where the creator asked for it; {@code us-east-1} when nothing was asked
 * @param policy the protection policy of its new extents; empty for the cluster's default
 * @param partitions in key order; together they cover every key exactly once
 */
public record Bucket(
        BucketId id,
        String name,
        AccountId owner,
        String region,
        long createdMillis,
        State state,
        String policy,
        List<Partition> partitions,
        BucketSettings settings) {
    /** A bucket's life. Only {@link #ACTIVE} buckets exist for S3 clients, and those that are being deleted until they are. */
    public enum State {
        CREATING,
        ACTIVE,
        DELETING
    }

    public Bucket {
        partitions = List.copyOf(partitions);
    }

    /** A bucket of which nothing is set but versioning. */
    public Bucket(
            BucketId id,
            String name,
            AccountId owner,
            String region,
            long createdMillis,
            State state,
            Versioning versioning,
            String policy,
            List<Partition> partitions) {
        this(id, name, owner, region, createdMillis, state, policy, partitions, BucketSettings.of(versioning));
    }

    public Versioning versioning() {
        return settings.partition().versioning();
    }

    public Bucket withState(State newState) {
        return new Bucket(id, name, owner, region, createdMillis, newState, policy, partitions, settings);
    }

    public Bucket withSettings(BucketSettings newSettings) {
        return new Bucket(id, name, owner, region, createdMillis, state, policy, partitions, newSettings);
    }
}
