package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/**
 * A part of an upload, or of an object that was assembled from parts.
 *
 * @param number 1 to 10,000
 * @param etag without quotes
 */
public record ObjectPart(
        int number,
        long size,
        String etag,
        long modifiedMillis,
        @Nullable StoredChecksum checksum) {}
