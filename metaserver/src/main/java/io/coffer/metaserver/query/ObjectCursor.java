package io.coffer.metaserver.query;

import io.coffer.common.id.BucketId;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;

/** Current objects. */
final class ObjectCursor implements LineCursor<ObjectVersion> {
    private final BucketId bucket;
    private final Rows<StoredVersion> rows;

    /** Of the row the cursor stands on; made once. */
    private byte[] key;

    ObjectCursor(Reader reader, KeyRange range) {
        bucket = range.bucket();
        rows = reader.scan(Tables.OBJECT_SUMMARIES, range.objectsFrom(), range.objectsTo());
        key = readKey();
    }

    private byte[] readKey() {
        return rows.valid() ? Keys.objectKey(rows.key()) : new byte[0];
    }

    @Override
    public boolean valid() {
        return rows.valid();
    }

    @Override
    public byte[] key() {
        return key;
    }

    @Override
    public ObjectVersion line() {
        return rows.value().toObjectVersion(Keys.text(key, 0), true);
    }

    @Override
    public void next() {
        rows.next();
        key = readKey();
    }

    @Override
    public void skipTo(byte[] target) {
        rows.seek(Keys.object(bucket, target));
        key = readKey();
    }

    @Override
    public void close() {
        rows.close();
    }
}
