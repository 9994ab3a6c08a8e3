package io.coffer.common.metadata;

import java.util.Map;

/**
 * What a client says about an object beside its bytes.
 *
 * @param headers the stored content headers by lower-case name: {@code content-type}, {@code cache-control},
 *     {@code content-disposition}, {@code content-encoding}, {@code content-language}, {@code expires},
 *     {@code x-amz-website-redirect-location}, {@code x-amz-storage-class}
 * @param userMetadata by lower-case name without the {@code x-amz-meta-} prefix
 * @param tags by key
 * @param lock what the client asks for; of a stored version, what it has
 */
public record ObjectAttributes(
        Map<String, String> headers, Map<String, String> userMetadata, Map<String, String> tags, VersionLock lock) {
    public static final ObjectAttributes EMPTY = new ObjectAttributes(Map.of(), Map.of());

    public ObjectAttributes {
        headers = Map.copyOf(headers);
        userMetadata = Map.copyOf(userMetadata);
        tags = Map.copyOf(tags);
    }

    /** Of a version without tags and lock. */
    public ObjectAttributes(Map<String, String> headers, Map<String, String> userMetadata) {
        this(headers, userMetadata, Map.of(), VersionLock.NONE);
    }

    public ObjectAttributes withHeaders(Map<String, String> now) {
        return new ObjectAttributes(now, userMetadata, tags, lock);
    }

    public ObjectAttributes withTags(Map<String, String> now) {
        return new ObjectAttributes(headers, userMetadata, now, lock);
    }

    public ObjectAttributes withLock(VersionLock now) {
        return new ObjectAttributes(headers, userMetadata, tags, now);
    }
}
