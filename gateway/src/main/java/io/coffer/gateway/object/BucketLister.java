package io.coffer.gateway.object;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.KeyOrder;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.gateway.client.MetadataService;
import io.coffer.gateway.client.Refusals;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists a bucket by visiting its partitions in key order, one at a time, until the page is full. Thread-safe. */
public final class BucketLister {
    private final MetadataService metadata;

    public BucketLister(MetadataService metadata) {
        this.metadata = metadata;
    }

    /** A page of current objects; parameters as in {@link BucketQuery.ListObjects}. */
    public Page<ObjectVersion> objects(Bucket bucket, String prefix, String delimiter, String after, int limit)
            throws S3Exception {
        return pages(bucket, prefix, after, limit, ObjectVersion::key, (partition, from, first, room) -> {
            Reply.ObjectsPage page = metadata.ask(
                    partition.group(),
                    new BucketQuery.ListObjects(ref(bucket, partition), prefix, delimiter, from, room));
            return new Page<>(page.entries(), page.truncated());
        });
    }

    /** A page of versions and delete markers; parameters as in {@link BucketQuery.ListVersions}. */
    public Page<ObjectVersion> versions(
            Bucket bucket,
            String prefix,
            String delimiter,
            String after,
            @Nullable VersionSelector afterVersion,
            int limit)
            throws S3Exception {
        return pages(bucket, prefix, after, limit, ObjectVersion::key, (partition, from, first, room) -> {
            Reply.VersionsPage page = metadata.ask(
                    partition.group(),
                    new BucketQuery.ListVersions(
                            ref(bucket, partition), prefix, delimiter, from, first ? afterVersion : null, room));
            return new Page<>(page.entries(), page.truncated());
        });
    }

    /** A page of uploads in progress; parameters as in {@link BucketQuery.ListUploads}. */
    public Page<Upload> uploads(
            Bucket bucket, String prefix, String delimiter, String after, @Nullable UploadId afterUpload, int limit)
            throws S3Exception {
        return pages(bucket, prefix, after, limit, Upload::key, (partition, from, first, room) -> {
            Reply.UploadsPage page = metadata.ask(
                    partition.group(),
                    new BucketQuery.ListUploads(
                            ref(bucket, partition), prefix, delimiter, from, first ? afterUpload : null, room));
            return new Page<>(page.entries(), page.truncated());
        });
    }

    /**
     * A page of a listing.
     *
     * @param truncated whether more follows the last entry
     */
    public record Page<T>(List<Entry<T>> entries, boolean truncated) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    private <T> Page<T> pages(
            Bucket bucket, String prefix, String after, int limit, Function<T, String> keyOf, PartitionPage<T> ask)
            throws S3Exception {
        List<Entry<T>> entries = new ArrayList<>();
        String from = after;
        boolean first = true;
        try {
            for (Partition partition : bucket.partitions()) {
                if (!mayHold(partition, prefix, after)) {
                    continue;
                }
                int room = limit - entries.size();
                if (room == 0) {
                    // One entry more tells whether the page is truncated.
                    if (!ask.page(partition, from, first, 1).entries().isEmpty()) {
                        return new Page<>(entries, true);
                    }
                    continue;
                }
                Page<T> page = ask.page(partition, from, first, room);
                entries.addAll(page.entries());
                if (page.truncated()) {
                    return new Page<>(entries, true);
                }
                if (!page.entries().isEmpty()) {
                    from = switch (page.entries().getLast()) {
                        case Entry.Item<T>(T value) -> keyOf.apply(value);
                        case Entry.CommonPrefix<T>(String common) -> common;
                    };
                    first = false;
                }
            }
        } catch (RefusedException e) {
            throw Refusals.toS3(e);
        }
        return new Page<>(entries, false);
    }

    private static boolean mayHold(Partition partition, String prefix, String after) {
        boolean endsBefore = !partition.endKey().isEmpty()
                && (KeyOrder.compare(partition.endKey(), after) <= 0
                        || KeyOrder.compare(partition.endKey(), prefix) <= 0);
        boolean startsBehind = KeyOrder.compare(partition.startKey(), prefix) > 0
                && !partition.startKey().startsWith(prefix);
        return !endsBefore && !startsBehind;
    }

    private static PartitionRef ref(Bucket bucket, Partition partition) {
        return MetadataService.ref(bucket, partition);
    }

    @FunctionalInterface
    private interface PartitionPage<T> {
        Page<T> page(Partition partition, String after, boolean first, int limit) throws RefusedException, S3Exception;
    }
}
