package io.coffer.common.metadata;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Changes to a bucket group. Each is atomic: versions, parts, counters, references and the reclaim queue move together. */
public sealed interface BucketCommand<R extends Reply> extends Command<R> {
    /** Starts serving a partition; one that is served gets the settings, like {@link ApplySettings}. Idempotent. */
    record OpenPartition(BucketId bucket, Partition partition, PartitionSettings settings)
            implements BucketCommand<Reply.Done> {
        /** A partition that goes by what commands say. */
        public OpenPartition(BucketId bucket, Partition partition) {
            this(bucket, partition, PartitionSettings.UNTOLD);
        }
    }

    /** Tells a partition, also a closed one, its settings. Those of an older revision than its own change nothing. Idempotent. */
    record ApplySettings(BucketId bucket, PartitionId partition, PartitionSettings settings)
            implements BucketCommand<Reply.Done> {}

    /**
     * Stops serving a partition for good unless it is reopened. BUCKET_NOT_EMPTY while it has versions or delete markers;
     * uploads in progress are aborted. Idempotent.
     */
    record ClosePartition(BucketId bucket, PartitionId partition) implements BucketCommand<Reply.Done> {}

    /** Undoes {@link ClosePartition}. */
    record ReopenPartition(BucketId bucket, PartitionId partition) implements BucketCommand<Reply.Done> {}

    /**
     * Commits a version, the current one of its key from now on. Unversioned and suspended buckets replace the null version.
     *
     * @param etag without quotes
     * @param versioning of the bucket as the gateway read it; a partition that knows goes by its own settings
     */
    record PutObject(
            PartitionRef partition,
            String key,
            AccountId owner,
            String etag,
            long size,
            @Nullable StoredChecksum checksum,
            ObjectAttributes attributes,
            Payload payload,
            WriteCondition condition,
            Versioning versioning)
            implements BucketCommand<Reply.PutReply> {}

    /**
     * Puts bytes behind the current version's: a new version consists of both, the bytes that were there shared and not copied. Makes an
     * object where there is none. NO_SUCH_KEY, PRECONDITION_FAILED, WRONG_OFFSET (detail: the size), INVALID_APPEND, TOO_MANY_PARTS,
     * ENTITY_TOO_LARGE.
     *
     * @param etag of the new bytes, without quotes
     * @param size of the new bytes, at least 1
     * @param checksums of the new bytes, the one for a new object first
     * @param strict whether the first checksum must be of the object's algorithm, if that has one
     * @param attributes of a new object; one that is there keeps its own, gets the lock, and refuses user metadata
     * @param offset what the current version's size must be; -1 for whatever it is
     */
    record AppendObject(
            PartitionRef partition,
            String key,
            AccountId owner,
            String etag,
            long size,
            List<StoredChecksum> checksums,
            boolean strict,
            ObjectAttributes attributes,
            Payload payload,
            WriteCondition condition,
            Versioning versioning,
            long offset)
            implements BucketCommand<Reply.CompleteReply> {
        public AppendObject {
            checksums = List.copyOf(checksums);
        }
    }

    /**
     * Makes a version of the bytes of others of the partition, one behind the other; nothing is copied. NO_SUCH_KEY and NO_SUCH_VERSION
     * (detail: the key), SOURCE_CONDITION_FAILED (detail: the key), PRECONDITION_FAILED, TOO_MANY_PARTS, ENTITY_TOO_LARGE.
     *
     * @param sources at least 1, at most 1,000; the object that is replaced may be one
     */
    record ComposeObject(
            PartitionRef partition,
            String key,
            AccountId owner,
            List<ComposeSource> sources,
            ObjectAttributes attributes,
            WriteCondition condition,
            Versioning versioning)
            implements BucketCommand<Reply.CompleteReply> {
        public ComposeObject {
            sources = List.copyOf(sources);
        }
    }

    /**
     * An object that another is composed of.
     *
     * @param etag that it must have, without quotes; empty for any
     */
    record ComposeSource(String key, VersionSelector version, String etag) {}

    /**
     * Makes the current object of a key that of another key of the partition, and deletes it where it was, as {@link DeleteObject} does.
     * NO_SUCH_KEY, SOURCE_CHANGED, SOURCE_CONDITION_FAILED, PRECONDITION_FAILED, TOKEN_REUSED.
     *
     * @param sourceVersion that must be the current one; null for any
     * @param owner of the delete marker that is left, if one is
     * @param token null when the client gave none; who repeats a request that was done with the same is answered the same for an hour
     */
    record RenameObject(
            PartitionRef partition,
            String source,
            @Nullable VersionId sourceVersion,
            ObjectCondition sourceCondition,
            String key,
            ObjectCondition condition,
            Versioning versioning,
            AccountId owner,
            @Nullable ClientToken token)
            implements BucketCommand<Reply.PutReply> {}

    /**
     * Deletes one key or version. Without a version: removes the object of an unversioned bucket, or puts a delete marker.
     * Deleting what isn't there succeeds, unless a condition asks for it.
     */
    record DeleteObject(PartitionRef partition, DeleteTarget target, Versioning versioning, AccountId owner)
            implements BucketCommand<Reply.DeleteReply> {}

    /** Many deletes, each with an outcome of its own. At most 1,000. */
    record DeleteObjects(PartitionRef partition, List<DeleteTarget> targets, Versioning versioning, AccountId owner)
            implements BucketCommand<Reply.DeletesReply> {}

    /**
     * Begins an upload.
     *
     * @param owner whose the object will be
     * @param initiator who begins it
     */
    record CreateUpload(
            PartitionRef partition,
            String key,
            UploadId upload,
            AccountId owner,
            AccountId initiator,
            ObjectAttributes attributes,
            @Nullable ChecksumAlgorithm checksumAlgorithm,
            StoredChecksum.@Nullable Type checksumType)
            implements BucketCommand<Reply.Done> {}

    /** Adds or replaces a part. NO_SUCH_UPLOAD. */
    record PutPart(
            PartitionRef partition,
            String key,
            UploadId upload,
            int number,
            String etag,
            long size,
            @Nullable StoredChecksum checksum,
            Payload payload)
            implements BucketCommand<Reply.PartReply> {}

    /**
     * Assembles the named parts into a version: ETag and checksum are computed from the parts'. Parts not named are discarded.
     * Repeating it after success answers the same. NO_SUCH_UPLOAD, INVALID_PART (detail: the number), INVALID_PART_ORDER,
     * ENTITY_TOO_SMALL, CHECKSUM_MISMATCH, SIZE_MISMATCH, PRECONDITION_FAILED.
     *
     * @param expectedSize the client's {@code x-amz-mp-object-size}; -1 for none
     * @param expectedChecksum the client's checksum of the whole; null for none
     */
    record CompleteUpload(
            PartitionRef partition,
            String key,
            UploadId upload,
            List<PartName> parts,
            long expectedSize,
            @Nullable StoredChecksum expectedChecksum,
            WriteCondition condition,
            Versioning versioning)
            implements BucketCommand<Reply.CompleteReply> {}

    /** NO_SUCH_UPLOAD when it is unknown. */
    record AbortUpload(PartitionRef partition, String key, UploadId upload) implements BucketCommand<Reply.Done> {}

    /**
     * Changes what is kept beside a version's bytes. NO_SUCH_KEY, NO_SUCH_VERSION, also for a delete marker; INVALID_BUCKET_STATE for a lock
     * in a bucket that has none, OBJECT_LOCKED when the lock there is forbids it, INVALID_ARGUMENT for a retention that is over.
     */
    record ChangeVersion(PartitionRef partition, String key, VersionSelector version, VersionChange change)
            implements BucketCommand<Reply.PutReply> {}

    /**
     * Closes a partition, whatever is in it, and deletes versions and delete markers that nothing locks. Repeating it goes on.
     *
     * @param after {@code last} of the reply before; empty to begin
     * @param maxVersions to look at
     */
    record PurgePartition(BucketId bucket, PartitionId partition, ByteBuffer after, int maxVersions)
            implements BucketCommand<Reply.PurgedReply> {
        public PurgePartition {
            after = after.asReadOnlyBuffer();
        }
    }

    /** Takes extents off the reclaim queue, after their chunks were deleted on every member. */
    record ForgetExtents(List<ExtentId> extents) implements BucketCommand<Reply.Done> {}

    /**
     * Lets no seal in any more that a version of the key before {@code below} has wrapped, now and ever, and replaces such seals. A row that
     * is gone or has another seal stays as it is. Idempotent. INVALID_ARGUMENT, SEAL_TOO_OLD.
     *
     * @param renewals at most {@link #MAX_RENEWALS} seals; none to ask what has moved
     */
    record RenewSeals(UUID key, int below, List<SealRenewal> renewals) implements BucketCommand<Reply.SealsReply> {
        /** Seals in one command: a few milliseconds of apply, and half of the longest command. */
        public static final int MAX_RENEWALS = 1000;

        public RenewSeals {
            renewals = List.copyOf(renewals);
        }
    }

    /** Releases the extents of discarded uploads and assemblies that are due, a bounded number of part rows at a time. */
    record ReleaseParts(int maxParts) implements BucketCommand<Reply.ReleasedReply> {}

    /**
     * What to delete.
     *
     * @param condition only {@code ifMatch} counts
     * @param ifMatchSize -1 for no condition on the size
     * @param ifMatchModifiedSeconds since 1970; -1 for no condition
     * @param bypassGovernance whether the caller may get round retentions of that mode, and asks to
     * @param ifLatest which must be the key's newest version; null for no condition
     * @param unlessLatest which must not be it; null for no condition
     */
    record DeleteTarget(
            String key,
            @Nullable VersionSelector version,
            WriteCondition condition,
            long ifMatchSize,
            long ifMatchModifiedSeconds,
            boolean bypassGovernance,
            @Nullable VersionId ifLatest,
            @Nullable VersionId unlessLatest) {
        /** Whatever the newest version is. */
        public DeleteTarget(
                String key,
                @Nullable VersionSelector version,
                WriteCondition condition,
                long ifMatchSize,
                long ifMatchModifiedSeconds,
                boolean bypassGovernance) {
            this(key, version, condition, ifMatchSize, ifMatchModifiedSeconds, bypassGovernance, null, null);
        }

        /** The newest version, as a delete that names none, if it is still this one. */
        public static DeleteTarget newest(String key, VersionId version) {
            return new DeleteTarget(key, null, WriteCondition.NONE, -1, -1, false, version, null);
        }

        /** A version, if it is still the newest. */
        public static DeleteTarget onlyNewest(String key, VersionId version) {
            return new DeleteTarget(
                    key, new VersionSelector.Exact(version), WriteCondition.NONE, -1, -1, false, version, null);
        }

        /** A version, if it is still not the newest. */
        public static DeleteTarget notNewest(String key, VersionId version) {
            return new DeleteTarget(
                    key, new VersionSelector.Exact(version), WriteCondition.NONE, -1, -1, false, null, version);
        }
    }

    /**
     * A part as CompleteMultipartUpload names it.
     *
     * @param etag without quotes
     * @param checksum base64, in the upload's algorithm; null when the client gave none
     */
    record PartName(int number, String etag, @Nullable StoredChecksum checksum) {}
}
