package io.coffer.common.metadata;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about an object beside its bytes.
 *
 * @param headers the stored content headers by lower-case name: {@code content-type}, {@code cache-control},
 *     {@code content-disposition}, {@code content-encoding}, {@code content-language}, {@code expires},
 *     {@code x-amz-website-redirect-location}, {@code x-amz-storage-class}
 * @param userMetadata by lower-case name without the {@code x-amz-meta-} prefix
 * @param tags by key
 * @param lock what the client asks for; of a stored version, what it has
 * @param acl null where only the owner has anything, which is everything
 * @param encryption null for none
 */
public record ObjectAttributes(
        Map<String, String> headers,
        Map<String, String> userMetadata,
        Map<String, String> tags,
        VersionLock lock,
        @Nullable AccessControlList acl,
        @Nullable Encryption encryption) {
    public static final ObjectAttributes EMPTY = new ObjectAttributes(Map.of(), Map.of());

    public ObjectAttributes {
        headers = Map.copyOf(headers);
        userMetadata = Map.copyOf(userMetadata);
        tags = Map.copyOf(tags);
    }

    /** Of a version without tags, lock and access control list. */
    public ObjectAttributes(Map<String, String> headers, Map<String, String> userMetadata) {
        this(headers, userMetadata, Map.of(), VersionLock.NONE, null, null);
    }

    /** Of a version that isn't encrypted. */
    public ObjectAttributes(
            Map<String, String> headers,
            Map<String, String> userMetadata,
            Map<String, String> tags,
            VersionLock lock,
            @Nullable AccessControlList acl) {
        this(headers, userMetadata, tags, lock, acl, null);
    }

    public ObjectAttributes withHeaders(Map<String, String> now) {
        return new ObjectAttributes(now, userMetadata, tags, lock, acl, encryption);
    }

    public ObjectAttributes withTags(Map<String, String> now) {
        return new ObjectAttributes(headers, userMetadata, now, lock, acl, encryption);
    }

    public ObjectAttributes withLock(VersionLock now) {
        return new ObjectAttributes(headers, userMetadata, tags, now, acl, encryption);
    }

    public ObjectAttributes withAcl(@Nullable AccessControlList now) {
        return new ObjectAttributes(headers, userMetadata, tags, lock, now, encryption);
    }

    public ObjectAttributes withEncryption(@Nullable Encryption now) {
        return new ObjectAttributes(headers, userMetadata, tags, lock, acl, now);
    }
}
