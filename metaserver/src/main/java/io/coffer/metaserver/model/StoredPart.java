package io.coffer.metaserver.model;

import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.StoredChecksum;
import org.jspecify.annotations.Nullable;

/** A part of an upload, or of an object that was assembled from it. */
public record StoredPart(
        String etag,
        long size,
        long modifiedMillis,
        @Nullable StoredChecksum checksum,
        Content.Runs content) {
    public StoredPart withContent(Content.Runs now) {
        return new StoredPart(etag, size, modifiedMillis, checksum, now);
    }

    public ObjectPart toObjectPart(int number) {
        return new ObjectPart(number, size, etag, modifiedMillis, checksum);
    }
}
