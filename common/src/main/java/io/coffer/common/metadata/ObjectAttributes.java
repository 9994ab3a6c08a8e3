package io.coffer.common.metadata;

import java.util.Map;

/**
 * What a client says about an object beside its bytes.
 *
 * @param headers the stored content headers by lower-case name: {@code content-type}, {@code cache-control},
 *     {@code content-disposition}, {@code content-encoding}, {@code content-language}, {@code expires},
 *     {@code x-amz-website-redirect-location}, {@code x-amz-storage-class}
 * @param userMetadata by lower-case name without the {@code x-amz-meta-} prefix
 */
public record ObjectAttributes(Map<String, String> headers, Map<String, String> userMetadata) {
    public static final ObjectAttributes EMPTY = new ObjectAttributes(Map.of(), Map.of());

    public ObjectAttributes {
        headers = Map.copyOf(headers);
        userMetadata = Map.copyOf(userMetadata);
    }
}
