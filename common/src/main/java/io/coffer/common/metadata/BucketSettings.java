package io.coffer.common.metadata;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a bucket: the small ones that any request may need, and which documents there are.
 *
 * @param partition what its partitions must know too
 * @param ownership null where there are no ownership controls
 * @param publicAccessBlock null where there is none
 * @param accelerationSuspended whether acceleration was switched off explicitly, which changes nothing but what is told
 * @param encryption null where nobody has set any
 * @param documents the revision that brought each document there is
 * @param revision rises with every change; 0 for a bucket from before there were settings
 * @param applied every partition has the settings of this revision, or later ones
 */
public record BucketSettings(
        PartitionSettings partition,
        @Nullable ObjectOwnership ownership,
        @Nullable PublicAccessBlock publicAccessBlock,
        boolean accelerationSuspended,
        @Nullable BucketEncryption encryption,
        Map<DocumentKind, Long> documents,
        long revision,
        long applied) {
    /** Of a bucket that nobody has set anything of. */
    public static final BucketSettings UNSET = of(Versioning.UNVERSIONED);

    public BucketSettings {
        documents = Map.copyOf(documents);
    }

    /** Nothing but versioning, which is known from a time before there were revisions. */
    public static BucketSettings of(Versioning versioning) {
        return new BucketSettings(
                new PartitionSettings(versioning, ObjectLock.OFF, 0),
                ObjectOwnership.BUCKET_OWNER_ENFORCED,
                null,
                false,
                null,
                Map.of(),
                0,
                0);
    }

    /** Whether a partition may have older settings. */
    public boolean isPending() {
        return applied < partition.revision();
    }

    /** The revision of a document; 0 when there is none. */
    public long revisionOf(DocumentKind kind) {
        return documents.getOrDefault(kind, 0L);
    }

    /** These as the first revision of a new bucket, whose partitions get them when they are opened. */
    public BucketSettings asFirst() {
        return withPartition(partition.versioning(), partition.lock(), 1).withApplied(1);
    }

    /** These as a later revision than others, which some partition may have. */
    public BucketSettings after(BucketSettings others) {
        return withPartition(partition.versioning(), partition.lock(), others.revision + 1)
                .withApplied(others.applied);
    }

    /** These without what tells revisions apart. */
    public boolean sameAs(BucketSettings others) {
        return asFirst().equals(others.asFirst());
    }

    public BucketSettings with(BucketSetting setting) {
        long next = revision + 1;
        return switch (setting) {
            case BucketSetting.Versions(Versioning versioning) -> withPartition(versioning, partition.lock(), next);
            case BucketSetting.Locks(ObjectLock lock) -> withPartition(partition.versioning(), lock, next);
            case BucketSetting.OwnershipControls(ObjectOwnership changed) ->
                new BucketSettings(
                        partition,
                        changed,
                        publicAccessBlock,
                        accelerationSuspended,
                        encryption,
                        documents,
                        next,
                        applied);
            case BucketSetting.PublicAccess(PublicAccessBlock changed) ->
                new BucketSettings(
                        partition, ownership, changed, accelerationSuspended, encryption, documents, next, applied);
            case BucketSetting.AccelerationSuspended() ->
                new BucketSettings(partition, ownership, publicAccessBlock, true, encryption, documents, next, applied);
            case BucketSetting.Encrypted(BucketEncryption changed) ->
                new BucketSettings(
                        partition,
                        ownership,
                        publicAccessBlock,
                        accelerationSuspended,
                        changed,
                        documents,
                        next,
                        applied);
        };
    }

    private BucketSettings withPartition(Versioning versioning, ObjectLock lock, long next) {
        return new BucketSettings(
                new PartitionSettings(versioning, lock, next),
                ownership,
                publicAccessBlock,
                accelerationSuspended,
                encryption,
                documents,
                next,
                applied);
    }

    /** @param present whether there is such a document from now on */
    public BucketSettings withDocument(DocumentKind kind, boolean present) {
        Map<DocumentKind, Long> changed = new EnumMap<>(DocumentKind.class);
        changed.putAll(documents);
        if (present) {
            changed.put(kind, revision + 1);
        } else {
            changed.remove(kind);
        }
        return new BucketSettings(
                partition,
                ownership,
                publicAccessBlock,
                accelerationSuspended,
                encryption,
                changed,
                revision + 1,
                applied);
    }

    public BucketSettings withApplied(long newApplied) {
        return new BucketSettings(
                partition,
                ownership,
                publicAccessBlock,
                accelerationSuspended,
                encryption,
                documents,
                revision,
                newApplied);
    }
}
