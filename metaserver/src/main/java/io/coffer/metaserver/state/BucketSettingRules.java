package io.coffer.metaserver.state;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.NoteSettingsApplied;
import io.coffer.common.metadata.SystemCommand.SetBucketDocument;
import io.coffer.common.metadata.SystemCommand.SetBucketSetting;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;

/**
 * What is set of a bucket. Every change makes a new revision of it. Invariant: a bucket whose versions can be locked keeps them all.
 */
final class BucketSettingRules {
    private BucketSettingRules() {}

    static Reply set(Transaction tx, SetBucketSetting c) throws RefusedException {
        StoredBucket stored = BucketNameRules.require(tx, c.bucket());
        BucketSettings settings = stored.bucket().settings();
        check(settings.partition(), c.setting());
        return put(tx, stored, settings.with(c.setting()));
    }

    private static void check(PartitionSettings settings, BucketSetting setting) throws RefusedException {
        switch (setting) {
            case BucketSetting.Versions(Versioning versioning) -> {
                if (versioning == Versioning.UNVERSIONED) {
                    throw new RefusedException(Refusal.INVALID_ARGUMENT, "a bucket never becomes unversioned again");
                }
                if (versioning != Versioning.ENABLED && settings.lock().enabled()) {
                    throw new RefusedException(Refusal.INVALID_BUCKET_STATE);
                }
            }
            case BucketSetting.Locks(ObjectLock lock) -> {
                if (!lock.enabled()) {
                    throw new RefusedException(Refusal.INVALID_ARGUMENT, "locks are never switched off");
                }
                if (settings.versioning() != Versioning.ENABLED) {
                    throw new RefusedException(Refusal.INVALID_BUCKET_STATE);
                }
            }
            case BucketSetting.OwnershipControls _,
                    BucketSetting.PublicAccess _,
                    BucketSetting.AccelerationSuspended(),
                    BucketSetting.Encrypted _ -> {}
        }
    }

    static Reply setDocument(Transaction tx, SetBucketDocument c) throws RefusedException {
        StoredBucket stored = BucketNameRules.require(tx, c.bucket());
        BucketSettings settings = stored.bucket().settings();
        byte[] row = Keys.bucketDocument(c.bucket(), c.kind());
        if (c.content() == null) {
            if (settings.revisionOf(c.kind()) == 0) {
                return new Reply.BucketReply(stored.bucket());
            }
            tx.delete(Tables.BUCKET_DOCUMENTS, row);
            return put(tx, stored, settings.withDocument(c.kind(), false));
        }
        if (c.content().remaining() > Limits.MAX_BUCKET_DOCUMENT_BYTES) {
            throw new RefusedException(
                    Refusal.INVALID_ARGUMENT, "a document of " + c.content().remaining() + " bytes");
        }
        BucketSettings changed = settings.withDocument(c.kind(), true);
        tx.put(Tables.BUCKET_DOCUMENTS, row, new Reply.BucketDocumentReply(changed.revision(), c.content()));
        return put(tx, stored, changed);
    }

    /** Only as far as there are revisions, and never back. */
    static Reply noteApplied(Transaction tx, NoteSettingsApplied c) throws RefusedException {
        StoredBucket stored = BucketNameRules.require(tx, c.bucket());
        BucketSettings settings = stored.bucket().settings();
        long applied = Math.min(c.revision(), settings.revision());
        return applied <= settings.applied()
                ? new Reply.BucketReply(stored.bucket())
                : put(tx, stored, settings.withApplied(applied));
    }

    /** Of a bucket that is being deleted for good. */
    static void deleteAll(Transaction tx, Bucket bucket) {
        bucket.settings()
                .documents()
                .forEach(
                        (kind, revision) -> tx.delete(Tables.BUCKET_DOCUMENTS, Keys.bucketDocument(bucket.id(), kind)));
    }

    private static Reply put(Transaction tx, StoredBucket stored, BucketSettings settings) {
        StoredBucket changed = stored.withSettings(settings);
        BucketNameRules.put(tx, changed);
        return new Reply.BucketReply(changed.bucket());
    }
}
