package io.coffer.gateway.s3.error;

import io.coffer.gateway.http.Headers;
import java.util.LinkedHashMap;
import java.util.Map;

/** A defined S3 refusal; becomes the error document in one place. Carries no stack trace. */
public final class S3Exception extends Exception {
    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final transient Map<String, String> details;
    private final transient Headers headers;

    public S3Exception(S3Error error) {
        this(error, error.message(), Map.of(), Headers.EMPTY);
    }

    public S3Exception(S3Error error, String message) {
        this(error, message, Map.of(), Headers.EMPTY);
    }

    /**
     * @param message what the Message element says
     * @param details further elements of the error document in order, e.g. {@code ArgumentName}
     * @param headers further response headers, e.g. {@code x-amz-delete-marker}
     */
    public S3Exception(S3Error error, String message, Map<String, String> details, Headers headers) {
        super(message, null, false, false);
        this.error = error;
        this.details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
        this.headers = headers;
    }

    public S3Error error() {
        return error;
    }

    public Map<String, String> details() {
        return details;
    }

    public Headers headers() {
        return headers;
    }

    /** The same with one more element in the error document. */
    public S3Exception with(String element, String value) {
        Map<String, String> more = new LinkedHashMap<>(details);
        more.put(element, value);
        return new S3Exception(error, String.valueOf(getMessage()), more, headers);
    }

    /** The same with one more response header. */
    public S3Exception withHeader(String name, String value) {
        return new S3Exception(
                error,
                String.valueOf(getMessage()),
                details,
                new Headers.Builder().addAll(headers).add(name, value).build());
    }
}
