package io.coffer.metaserver.query;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.Upload;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Tables;

/** Uploads in progress, by key, then by initiation. */
final class UploadCursor implements LineCursor<Upload> {
    private final BucketId bucket;
    private final long after;
    private final Rows<StoredUpload> rows;
    private byte[] key;

    /** @param after uploads with a lower sequence are gone, though their rows may not be */
    UploadCursor(Reader reader, KeyRange range, long after) {
        bucket = range.bucket();
        this.after = after;
        rows = reader.scan(Tables.UPLOADS, range.escapedFrom(), range.escapedTo());
        key = readKey();
    }

    void startBehind(byte[] upTo, UploadId upload) {
        rows.seek(Keys.after(Keys.upload(bucket, upTo, upload)));
        key = readKey();
    }

    private byte[] readKey() {
        while (rows.valid() && rows.value().sequence() < after) {
            rows.next();
        }
        return rows.valid() ? Keys.escapedKey(rows.key()) : new byte[0];
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
    public Upload line() {
        return rows.value().toUpload(Keys.text(key, 0), Keys.uploadId(rows.key()));
    }

    @Override
    public void next() {
        rows.next();
        key = readKey();
    }

    @Override
    public void skipTo(byte[] target) {
        rows.seek(Keys.escapedPrefix(bucket, target));
        key = readKey();
    }

    @Override
    public void close() {
        rows.close();
    }
}
