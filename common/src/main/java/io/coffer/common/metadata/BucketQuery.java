package io.coffer.common.metadata;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Questions to a bucket group. */
public sealed interface BucketQuery<R extends Reply> extends Query<R> {
    /** The longest window of runs that one answer covers, in bytes. */
    long MAX_WINDOW = 1L << 30;

    /** The most entries a page may have. */
    int MAX_PAGE = 1000;

    /**
     * A version, and the runs of its bytes in a window.
     *
     * <p>NO_SUCH_KEY, NO_SUCH_VERSION. A delete marker is answered, with no runs.
     */
    record GetObject(PartitionRef partition, String key, VersionSelector version, Window window)
            implements BucketQuery<Reply.ObjectReply> {}

    /**
     * Further runs of a version that {@link GetObject} answered. It works for a while after the version was deleted, so that a
     * download in progress finishes. NO_SUCH_KEY once it is gone.
     */
    record ReadRuns(PartitionRef partition, String key, VersionId version, long offset, long length)
            implements BucketQuery<Reply.RunsReply> {}

    /**
     * A page of current objects in key order, delimiter rolled up.
     *
     * @param delimiter empty for none
     * @param after exclusive start: a key, or a common prefix, all of whose keys are skipped; empty for the beginning
     * @param limit at most {@link #MAX_PAGE}; objects and prefixes together
     */
    record ListObjects(PartitionRef partition, String prefix, String delimiter, String after, int limit)
            implements BucketQuery<Reply.ObjectsPage> {}

    /**
     * A page of versions and delete markers: by key, then newest first.
     *
     * @param afterVersion with {@code after}: continue behind this version of that key; null to continue behind the key
     * @param attributes whether all of them are wanted, not the storage class alone
     */
    record ListVersions(
            PartitionRef partition,
            String prefix,
            String delimiter,
            String after,
            @Nullable VersionSelector afterVersion,
            int limit,
            boolean attributes)
            implements BucketQuery<Reply.VersionsPage> {
        /** What S3 lists. */
        public ListVersions(
                PartitionRef partition,
                String prefix,
                String delimiter,
                String after,
                @Nullable VersionSelector afterVersion,
                int limit) {
            this(partition, prefix, delimiter, after, afterVersion, limit, false);
        }
    }

    /** A page of uploads in progress: by key, then by initiation, then by id. */
    record ListUploads(
            PartitionRef partition,
            String prefix,
            String delimiter,
            String after,
            @Nullable UploadId afterUpload,
            int limit)
            implements BucketQuery<Reply.UploadsPage> {}

    /** NO_SUCH_UPLOAD. */
    record GetUpload(PartitionRef partition, String key, UploadId upload) implements BucketQuery<Reply.UploadReply> {}

    /** A page of an upload's parts with a number over {@code after}. NO_SUCH_UPLOAD. */
    record ListParts(PartitionRef partition, String key, UploadId upload, int after, int limit)
            implements BucketQuery<Reply.PartsPage> {}

    /** A page of the parts that an object was assembled from. NO_SUCH_KEY, NO_SUCH_VERSION. */
    record ListObjectParts(PartitionRef partition, String key, VersionSelector version, int after, int limit)
            implements BucketQuery<Reply.PartsPage> {}

    /** Which of these extents nothing in the group references or is about to reclaim. */
    record FindUnreferenced(List<ExtentId> extents) implements BucketQuery<Reply.ExtentsReply> {}

    /** Extents on the reclaim queue that are due, oldest first. */
    record DueExtents(long nowMillis, int limit) implements BucketQuery<Reply.ReclaimReply> {}

    /** Exact counters of a partition. */
    record GetUsage(PartitionRef partition) implements BucketQuery<Reply.UsageReply> {}

    /**
     * A page of a table's rows that have seals which a version of the key before {@code below} has wrapped.
     *
     * @param prefix of rows; empty for the whole table
     * @param after {@code last} of the page before; empty to begin
     * @param limit rows to look at, at most {@link #MAX_PAGE}
     */
    record FindSeals(UUID key, int below, SealTable table, ByteBuffer prefix, ByteBuffer after, int limit)
            implements BucketQuery<Reply.SealsPage> {
        public FindSeals {
            prefix = prefix.asReadOnlyBuffer();
            after = after.asReadOnlyBuffer();
        }
    }

    /** Which of an object's bytes to resolve. */
    sealed interface Window {
        Window NONE = new None();

        /** Metadata only. */
        record None() implements Window {}

        /** {@code length} bytes from {@code offset}, cut at the end and at {@link #MAX_WINDOW}. */
        record Range(long offset, long length) implements Window {}

        /** The last {@code length} bytes. */
        record Suffix(long length) implements Window {}

        /** One part of an assembled object; part 1 of any other is the whole. NO_SUCH_PART. */
        record Part(int number) implements Window {}
    }
}
