package io.coffer.metaserver.model;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.StoredChecksum;
import org.jspecify.annotations.Nullable;

/**
 * A version of an object, or a delete marker, as it is stored under its key.
 *
 * @param sequence the version id; in microseconds since 1970, so that it is the time of modification as well
 * @param parts number of parts it was assembled from; 0 when it was not
 */
public record StoredVersion(
        long sequence,
        boolean nullVersion,
        boolean deleteMarker,
        AccountId owner,
        String etag,
        long size,
        int parts,
        @Nullable StoredChecksum checksum,
        ObjectAttributes attributes,
        Content content) {
    private static final long MICROS_PER_MILLI = 1000;

    public StoredVersion {
        if (deleteMarker && (size != 0 || parts != 0 || !content.equals(Content.EMPTY))) {
            throw new IllegalArgumentException("a delete marker has no content");
        }
    }

    public static StoredVersion deleteMarker(long sequence, boolean nullVersion, AccountId owner) {
        return new StoredVersion(
                sequence, nullVersion, true, owner, "", 0, 0, null, ObjectAttributes.EMPTY, Content.EMPTY);
    }

    public StoredVersion withAttributes(ObjectAttributes now) {
        return new StoredVersion(sequence, nullVersion, deleteMarker, owner, etag, size, parts, checksum, now, content);
    }

    public StoredVersion withContent(Content now) {
        return new StoredVersion(
                sequence, nullVersion, deleteMarker, owner, etag, size, parts, checksum, attributes, now);
    }

    public VersionId id() {
        return new VersionId(sequence);
    }

    public long modifiedMillis() {
        return sequence / MICROS_PER_MILLI;
    }

    /** As reads see it. */
    public ObjectVersion toObjectVersion(String key, boolean latest) {
        return new ObjectVersion(
                key,
                id(),
                nullVersion,
                latest,
                deleteMarker,
                owner,
                etag,
                size,
                modifiedMillis(),
                parts,
                checksum,
                attributes,
                content instanceof Content.Chain chain ? chain.parts() : 0);
    }
}
