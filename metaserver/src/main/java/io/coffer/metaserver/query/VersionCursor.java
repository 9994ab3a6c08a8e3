package io.coffer.metaserver.query;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.VersionReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** All versions and delete markers, by key, then newest first: current objects merged with the others. */
final class VersionCursor implements LineCursor<ObjectVersion> {
    private final BucketId bucket;
    private final Rows<StoredVersion> objects;
    private final Rows<StoredVersion> others;

    /** Of the rows the cursors stand on; null at their ends. */
    private byte @Nullable [] objectKey;

    private byte @Nullable [] otherKey;

    /** The key of the last line, whose newest version this was. */
    private byte @Nullable [] group;

    private long newest;

    private VersionCursor(Reader reader, KeyRange range, boolean attributes, byte[] objectsFrom, byte[] othersFrom) {
        bucket = range.bucket();
        objects =
                reader.scan(attributes ? Tables.OBJECT_HEADS : Tables.OBJECT_SUMMARIES, objectsFrom, range.objectsTo());
        others = reader.scan(
                attributes ? Tables.VERSION_HEADS : Tables.VERSION_SUMMARIES, othersFrom, range.escapedTo());
        readObjectKey();
        readOtherKey();
    }

    /**
     * From the beginning of a range.
     *
     * @param attributes whether lines have all of them, not the storage class alone
     */
    static VersionCursor over(Reader reader, KeyRange range, boolean attributes) {
        return new VersionCursor(reader, range, attributes, range.objectsFrom(), range.escapedFrom());
    }

    /**
     * From behind a version of a key, if the range begins no later; if that was the null version and is gone, from the key. Of what is
     * before that nothing is looked at.
     */
    static VersionCursor behind(
            Reader reader, KeyRange range, boolean attributes, byte[] key, VersionSelector version) {
        VersionReader versions = new VersionReader(reader, range.bucket(), key);
        StoredVersion current = versions.current();
        long behind = sequence(versions, current, version);
        boolean passed = current != null && current.sequence() >= behind;
        VersionCursor cursor = new VersionCursor(
                reader,
                range,
                attributes,
                passed ? later(range.objectsFrom(), Keys.object(range.bucket(), Keys.after(key))) : range.objectsFrom(),
                later(range.escapedFrom(), Keys.after(versions.versionRow(behind))));
        StoredVersion first = current != null ? current : versions.newestMarker();
        if (first != null) {
            cursor.group = key;
            cursor.newest = first.sequence();
        }
        return cursor;
    }

    private static byte[] later(byte[] a, byte[] b) {
        return Arrays.compareUnsigned(a, b) >= 0 ? a : b;
    }

    /** Of the version to continue behind: larger than any when it is unknown. */
    private static long sequence(VersionReader versions, @Nullable StoredVersion current, VersionSelector version) {
        return switch (version) {
            case VersionSelector.Exact(var id) -> id.sequence();
            case VersionSelector.Null() -> {
                StoredVersion found = current != null && current.nullVersion() ? current : versions.otherNull();
                yield found == null ? Long.MAX_VALUE : found.sequence();
            }
            case VersionSelector.Latest() -> Long.MAX_VALUE;
        };
    }

    private void readObjectKey() {
        objectKey = objects.valid() ? Keys.objectKey(objects.key()) : null;
    }

    private void readOtherKey() {
        otherKey = others.valid() ? Keys.escapedKey(others.key()) : null;
    }

    /** A key's current object is newer than its other versions. */
    private boolean atObject() {
        return objectKey != null && (otherKey == null || Arrays.compareUnsigned(objectKey, otherKey) <= 0);
    }

    @Override
    public boolean valid() {
        return objectKey != null || otherKey != null;
    }

    @Override
    public byte[] key() {
        byte[] key = atObject() ? objectKey : otherKey;
        if (key == null) {
            throw new IllegalStateException("behind the last line");
        }
        return key;
    }

    @Override
    public ObjectVersion line() {
        byte[] key = key();
        StoredVersion version = atObject() ? objects.value() : others.value();
        if (group == null || !Arrays.equals(group, key)) {
            group = key;
            newest = version.sequence();
        }
        return version.toObjectVersion(Keys.text(key, 0), version.sequence() == newest);
    }

    @Override
    public void next() {
        if (atObject()) {
            objects.next();
            readObjectKey();
        } else {
            others.next();
            readOtherKey();
        }
    }

    @Override
    public void skipTo(byte[] target) {
        objects.seek(Keys.object(bucket, target));
        readObjectKey();
        others.seek(Keys.escapedPrefix(bucket, target));
        readOtherKey();
    }

    @Override
    public void close() {
        objects.close();
        others.close();
    }
}
