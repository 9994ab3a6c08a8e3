package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.VersionId;
import org.jspecify.annotations.Nullable;

/**
 * A version of an object, or a delete marker, as reads and listings see it.
 *
 * @param nullVersion whether S3 shows its version id as {@code null}
 * @param etag without quotes: 32 hex digits, or those with {@code -N} for N parts; empty for a delete marker
 * @param size bytes
 * @param modifiedMillis since 1970
 * @param parts number of parts it was assembled from; 0 when it was not
 * @param checksum null when the client gave none and none was made
 * @param pieces of which it was put together by appends or composition; 0 for any other, and in listings
 */
public record ObjectVersion(
        String key,
        VersionId version,
        boolean nullVersion,
        boolean latest,
        boolean deleteMarker,
        AccountId owner,
        String etag,
        long size,
        long modifiedMillis,
        int parts,
        @Nullable StoredChecksum checksum,
        ObjectAttributes attributes,
        int pieces) {
    /** A version that wasn't put together of others. */
    public ObjectVersion(
            String key,
            VersionId version,
            boolean nullVersion,
            boolean latest,
            boolean deleteMarker,
            AccountId owner,
            String etag,
            long size,
            long modifiedMillis,
            int parts,
            @Nullable StoredChecksum checksum,
            ObjectAttributes attributes) {
        this(
                key,
                version,
                nullVersion,
                latest,
                deleteMarker,
                owner,
                etag,
                size,
                modifiedMillis,
                parts,
                checksum,
                attributes,
                0);
    }
}
