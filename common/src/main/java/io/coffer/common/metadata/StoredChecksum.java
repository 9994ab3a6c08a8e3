package io.coffer.common.metadata;

import io.coffer.common.checksum.ChecksumAlgorithm;

/**
 * An object's or part's S3 checksum.
 *
 * @param value base64, for a composite checksum of an object without the {@code -N} suffix
 * @param type of an object; a part's is always {@link Type#FULL_OBJECT}
 */
public record StoredChecksum(ChecksumAlgorithm algorithm, Type type, String value) {
    /** S3's checksum types. */
    public enum Type {
        FULL_OBJECT,
        COMPOSITE
    }
}
