package io.coffer.gateway.s3.header;

import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The headers that are stored with an object and come back with it, tags as their number; and those of its lock. */
public final class ContentHeaders {
    /** What an object has whose writer named none. */
    public static final String DEFAULT_CONTENT_TYPE = "binary/octet-stream";

    public static final String WEBSITE_REDIRECT = "x-amz-website-redirect-location";

    /** Longest redirect location, in bytes. */
    private static final int MAX_REDIRECT_BYTES = 2048;

    /** Stored name to the name in responses, in the order in which they are sent. */
    private static final List<Map.Entry<String, String>> STORED = List.of(
            Map.entry("content-type", "Content-Type"),
            Map.entry("cache-control", "Cache-Control"),
            Map.entry("content-disposition", "Content-Disposition"),
            Map.entry("content-encoding", "Content-Encoding"),
            Map.entry("content-language", "Content-Language"),
            Map.entry("expires", "Expires"),
            Map.entry(WEBSITE_REDIRECT, WEBSITE_REDIRECT),
            Map.entry(StorageClasses.HEADER, StorageClasses.HEADER));

    private static final Map<String, String> RESPONSE_NAMES =
            STORED.stream().collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));

    private ContentHeaders() {}

    /** What a write says about its object: content headers, storage class, redirect, user metadata, tags and lock. */
    public static ObjectAttributes parse(Headers headers) throws S3Exception {
        Map<String, String> stored = new HashMap<>();
        for (Header line : headers) {
            String name = line.name().toLowerCase(Locale.ROOT);
            if (RESPONSE_NAMES.containsKey(name)) {
                stored.merge(name, line.value(), (one, other) -> one + "," + other);
            }
        }
        stored.computeIfPresent("content-encoding", (name, value) -> withoutFraming(value));
        stored.values().removeIf(String::isEmpty);
        if (stored.containsKey(StorageClasses.HEADER)) {
            StorageClasses.check(stored.get(StorageClasses.HEADER));
            stored.remove(StorageClasses.HEADER, StorageClasses.STANDARD);
        }
        if (stored.containsKey(WEBSITE_REDIRECT)) {
            checkRedirect(stored.get(WEBSITE_REDIRECT));
        }
        return new ObjectAttributes(
                stored,
                UserMetadata.parse(headers),
                TaggingHeader.parse(headers).tags(),
                LockHeaders.parse(headers),
                null);
    }

    /** {@code aws-chunked} is how the body travelled, not what it is; the rest is kept as it was written. */
    private static String withoutFraming(String contentEncoding) {
        return Stream.of(contentEncoding.split(",", -1))
                .filter(coding -> !coding.strip().equalsIgnoreCase("aws-chunked"))
                .collect(Collectors.joining(","))
                .strip();
    }

    private static void checkRedirect(String location) throws S3Exception {
        boolean wellFormed =
                location.startsWith("/") || location.startsWith("http://") || location.startsWith("https://");
        if (!wellFormed || location.length() > MAX_REDIRECT_BYTES) {
            throw new S3Exception(S3Error.INVALID_REDIRECT_LOCATION);
        }
    }

    /**
     * Adds the stored headers to a response.
     *
     * @param overrides by stored name, see {@link ResponseOverrides}
     */
    public static void write(ObjectAttributes attributes, Map<String, String> overrides, Headers.Builder response) {
        for (Map.Entry<String, String> name : STORED) {
            String value = overrides.get(name.getKey());
            if (value == null) {
                value = attributes.headers().get(name.getKey());
            }
            if (value == null && name.getKey().equals("content-type")) {
                value = DEFAULT_CONTENT_TYPE;
            }
            response.addIfPresent(name.getValue(), value);
        }
        UserMetadata.write(attributes.userMetadata(), response);
        LockHeaders.write(attributes.lock(), response);
        if (!attributes.tags().isEmpty()) {
            response.add(
                    "x-amz-tagging-count", Integer.toString(attributes.tags().size()));
        }
    }

    /**
     * The attributes of a copy that keeps its source's: all but the redirect and the storage class, which are the request's.
     */
    public static ObjectAttributes copied(ObjectAttributes source, ObjectAttributes request) {
        Map<String, String> stored = new HashMap<>(source.headers());
        for (String name : List.of(WEBSITE_REDIRECT, StorageClasses.HEADER)) {
            stored.remove(name);
            if (request.headers().containsKey(name)) {
                stored.put(name, request.headers().get(name));
            }
        }
        return new ObjectAttributes(stored, source.userMetadata(), source.tags(), request.lock(), request.acl());
    }
}
