package io.coffer.metaserver.state;

import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.ActivateBucket;
import io.coffer.common.metadata.SystemCommand.BeginBucketDeletion;
import io.coffer.common.metadata.SystemCommand.CancelBucketDeletion;
import io.coffer.common.metadata.SystemCommand.CreateBucket;
import io.coffer.common.metadata.SystemCommand.FinishBucketDeletion;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Names of buckets, and the steps of their creation and deletion, which take turns with the steps in their partitions'
 * groups. Invariant: each bucket has one row by folded name, one by id and one under its owner, who counts it.
 */
final class BucketNameRules {
    private BucketNameRules() {}

    static Reply create(Transaction tx, Stamp stamp, CreateBucket c) throws RefusedException {
        if (c.name().isEmpty() || c.foldedName().isEmpty()) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a bucket needs a name");
        }
        StoredAccount owner = AccountRules.require(tx, c.owner());
        StoredBucket existing = tx.get(Tables.BUCKETS, Keys.bucketByName(c.foldedName()));
        if (existing != null) {
            return createAgain(tx, existing, c);
        }
        if (owner.buckets() >= Limits.MAX_BUCKETS_PER_ACCOUNT) {
            throw new RefusedException(Refusal.TOO_MANY_BUCKETS);
        }
        Allocators ids = allocators(tx).nextBucket();
        tx.put(Tables.ALLOCATORS, Tables.ALLOCATORS_ROW, ids);
        Bucket bucket = new Bucket(
                ids.bucket(),
                c.name(),
                c.owner(),
                c.region(),
                stamp.nowMillis(),
                Bucket.State.CREATING,
                c.policy(),
                List.of(new Partition(ids.partition(), "", "", groupOf(tx, ids.bucket()), 1)),
                c.settings().asFirst());
        put(tx, new StoredBucket(bucket, c.foldedName()));
        tx.put(Tables.BUCKET_INDEX, Keys.bucketById(bucket.id()), c.foldedName());
        tx.put(Tables.BUCKET_INDEX, Keys.bucketOf(c.owner(), c.foldedName()), c.foldedName());
        AccountRules.countBuckets(tx, c.owner(), 1);
        return new Reply.BucketReply(bucket);
    }

    /** A creation that was interrupted goes on, with the settings that this one asks for: its partitions may have others. */
    private static Reply createAgain(Transaction tx, StoredBucket existing, CreateBucket c) throws RefusedException {
        Bucket bucket = existing.bucket();
        if (!bucket.owner().equals(c.owner())) {
            throw new RefusedException(Refusal.BUCKET_EXISTS);
        }
        if (bucket.state() != Bucket.State.CREATING || !bucket.name().equals(c.name())) {
            throw new RefusedException(Refusal.BUCKET_OWNED_BY_YOU);
        }
        if (bucket.settings().sameAs(c.settings())) {
            return new Reply.BucketReply(bucket);
        }
        StoredBucket changed = existing.withSettings(c.settings().after(bucket.settings()));
        put(tx, changed);
        return new Reply.BucketReply(changed.bucket());
    }

    /** Buckets take the groups by turns. */
    private static GroupId groupOf(Transaction tx, BucketId bucket) {
        List<GroupId> groups = MapRows.all(tx, Tables.GROUPS, 'g').stream()
                .map(MetadataGroup::id)
                .filter(group -> !group.isSystem())
                .sorted()
                .toList();
        return groups.isEmpty()
                ? GroupId.ONLY_BUCKETS
                : groups.get((int) Long.remainderUnsigned(bucket.value(), groups.size()));
    }

    static Reply activate(Transaction tx, ActivateBucket c) throws RefusedException {
        StoredBucket stored = require(tx, c.bucket());
        switch (stored.bucket().state()) {
            case CREATING -> put(tx, stored.withState(Bucket.State.ACTIVE));
            case ACTIVE -> {}
            case DELETING -> throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        return Reply.DONE;
    }

    static Reply beginDeletion(Transaction tx, BeginBucketDeletion c) throws RefusedException {
        put(tx, require(tx, c.bucket()).withState(Bucket.State.DELETING));
        return Reply.DONE;
    }

    static Reply cancelDeletion(Transaction tx, CancelBucketDeletion c) throws RefusedException {
        StoredBucket stored = require(tx, c.bucket());
        if (PurgeRules.isUnderWay(tx, c.bucket())) {
            return Reply.DONE;
        }
        switch (stored.bucket().state()) {
            case DELETING -> put(tx, stored.withState(Bucket.State.ACTIVE));
            case ACTIVE -> {}
            case CREATING -> throw new RefusedException(Refusal.INVALID_ARGUMENT, "the bucket is being created");
        }
        return Reply.DONE;
    }

    static Reply finishDeletion(Transaction tx, FinishBucketDeletion c) throws RefusedException {
        StoredBucket stored = find(tx, c.bucket());
        if (stored == null) {
            return Reply.DONE;
        }
        Bucket bucket = stored.bucket();
        if (bucket.state() != Bucket.State.DELETING) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "nobody is deleting the bucket");
        }
        BucketSettingRules.deleteAll(tx, bucket);
        tx.delete(Tables.PURGES, Keys.purge(bucket.id()));
        tx.delete(Tables.BUCKETS, Keys.bucketByName(stored.foldedName()));
        tx.delete(Tables.BUCKET_INDEX, Keys.bucketById(bucket.id()));
        tx.delete(Tables.BUCKET_INDEX, Keys.bucketOf(bucket.owner(), stored.foldedName()));
        AccountRules.countBuckets(tx, bucket.owner(), -1);
        return Reply.DONE;
    }

    static void put(Transaction tx, StoredBucket bucket) {
        tx.put(Tables.BUCKETS, Keys.bucketByName(bucket.foldedName()), bucket);
    }

    static StoredBucket require(Transaction tx, BucketId id) throws RefusedException {
        StoredBucket stored = find(tx, id);
        if (stored == null) {
            throw new RefusedException(Refusal.NO_SUCH_BUCKET);
        }
        return stored;
    }

    private static @Nullable StoredBucket find(Transaction tx, BucketId id) {
        String foldedName = tx.get(Tables.BUCKET_INDEX, Keys.bucketById(id));
        return foldedName == null ? null : tx.get(Tables.BUCKETS, Keys.bucketByName(foldedName));
    }

    static Allocators allocators(Transaction tx) {
        Allocators ids = tx.get(Tables.ALLOCATORS, Tables.ALLOCATORS_ROW);
        return ids == null ? Allocators.NONE : ids;
    }
}
