package io.coffer.metaserver.query;

import io.coffer.common.id.BucketId;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.store.Keys;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The object keys, in UTF-8, that a page may show. */
final class KeyRange {
    private final BucketId bucket;
    private final byte[] from;
    private final byte @Nullable [] to;

    /**
     * @param from inclusive
     * @param to exclusive; null for the bucket's end
     */
    private KeyRange(BucketId bucket, byte[] from, byte @Nullable [] to) {
        this.bucket = bucket;
        this.from = from;
        this.to = to;
    }

    /** The keys of a partition that begin with {@code prefix}, from {@code start} on. */
    static KeyRange of(StoredPartition stored, byte[] prefix, byte[] start) {
        byte[] first = Keys.utf8(stored.partition().startKey());
        byte[] end = stored.partition().endKey().isEmpty()
                ? null
                : Keys.utf8(stored.partition().endKey());
        byte[] prefixEnd = Keys.successor(prefix);
        if (prefixEnd != null && (end == null || Arrays.compareUnsigned(prefixEnd, end) < 0)) {
            end = prefixEnd;
        }
        return new KeyRange(stored.bucket(), Arrays.compareUnsigned(first, start) > 0 ? first : start, end);
    }

    BucketId bucket() {
        return bucket;
    }

    boolean isEmpty() {
        return to != null && Arrays.compareUnsigned(from, to) >= 0;
    }

    byte[] objectsFrom() {
        return Keys.object(bucket, from);
    }

    byte @Nullable [] objectsTo() {
        return to == null ? Keys.successor(Keys.bucket(bucket)) : Keys.object(bucket, to);
    }

    byte[] escapedFrom() {
        return Keys.escapedPrefix(bucket, from);
    }

    byte @Nullable [] escapedTo() {
        return to == null ? Keys.successor(Keys.bucket(bucket)) : Keys.escapedPrefix(bucket, to);
    }
}
