package io.coffer.metaserver.query;

import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.ListObjects;
import io.coffer.common.metadata.BucketQuery.ListUploads;
import io.coffer.common.metadata.BucketQuery.ListVersions;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Partitions;
import io.coffer.metaserver.store.Reader;
import java.util.List;

/** Pages of objects, versions and uploads. */
final class Listings {
    private Listings() {}

    static Reply objects(Reader reader, ListObjects q) throws RefusedException {
        StoredPartition partition = open(reader, q.partition(), q.limit());
        byte[] prefix = Keys.utf8(q.prefix());
        Rollup rollup = new Rollup(prefix, Keys.utf8(q.delimiter()), q.limit());
        KeyRange range = KeyRange.of(partition, prefix, rollup.startBehind(Keys.utf8(q.after())));
        if (range.isEmpty()) {
            return new Reply.ObjectsPage(List.of(), false, "");
        }
        try (ObjectCursor objects = new ObjectCursor(reader, range)) {
            Rollup.Page<ObjectVersion> page = rollup.page(objects);
            return new Reply.ObjectsPage(page.entries(), page.truncated(), page.last());
        }
    }

    static Reply versions(Reader reader, ListVersions q) throws RefusedException {
        StoredPartition partition = open(reader, q.partition(), q.limit());
        byte[] prefix = Keys.utf8(q.prefix());
        byte[] after = Keys.utf8(q.after());
        Rollup rollup = new Rollup(prefix, Keys.utf8(q.delimiter()), q.limit());
        boolean inside = q.afterVersion() != null && isShownItself(rollup, prefix, after);
        KeyRange range = KeyRange.of(partition, prefix, inside ? after : rollup.startBehind(after));
        if (range.isEmpty()) {
            return new Reply.VersionsPage(List.of(), false);
        }
        VersionSelector behind = q.afterVersion();
        try (VersionCursor versions = inside && behind != null
                ? VersionCursor.behind(reader, range, q.attributes(), after, behind)
                : VersionCursor.over(reader, range, q.attributes())) {
            Rollup.Page<ObjectVersion> page = rollup.page(versions);
            return new Reply.VersionsPage(page.entries(), page.truncated());
        }
    }

    static Reply uploads(Reader reader, ListUploads q) throws RefusedException {
        StoredPartition partition = open(reader, q.partition(), q.limit());
        byte[] prefix = Keys.utf8(q.prefix());
        byte[] after = Keys.utf8(q.after());
        Rollup rollup = new Rollup(prefix, Keys.utf8(q.delimiter()), q.limit());
        boolean inside = q.afterUpload() != null && isShownItself(rollup, prefix, after);
        KeyRange range = KeyRange.of(partition, prefix, inside ? after : rollup.startBehind(after));
        if (range.isEmpty()) {
            return new Reply.UploadsPage(List.of(), false);
        }
        try (UploadCursor uploads = new UploadCursor(reader, range, partition.uploadsAfter())) {
            if (inside && q.afterUpload() != null) {
                uploads.startBehind(after, q.afterUpload());
            }
            Rollup.Page<Upload> page = rollup.page(uploads);
            return new Reply.UploadsPage(page.entries(), page.truncated());
        }
    }

    /** Whether the page can continue inside a key: it is in the range and not rolled up. */
    private static boolean isShownItself(Rollup rollup, byte[] prefix, byte[] key) {
        return key.length > 0 && Keys.startsWith(key, prefix) && rollup.commonPrefixEnd(key) < 0;
    }

    private static StoredPartition open(Reader reader, PartitionRef ref, int limit) throws RefusedException {
        if (limit < 0 || limit > BucketQuery.MAX_PAGE) {
            throw new RefusedException(Refusal.INVALID_ARGUMENT, "a page of " + limit);
        }
        return Partitions.require(reader, ref);
    }
}
