package io.coffer.gateway.s3.header;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code response-*} parameters of GetObject and HeadObject, which only a signature may carry. */
public final class ResponseOverrides {
    private static final Map<String, String> STORED_NAMES = Map.of(
            "response-content-type", "content-type",
            "response-content-language", "content-language",
            "response-expires", "expires",
            "response-cache-control", "cache-control",
            "response-content-disposition", "content-disposition",
            "response-content-encoding", "content-encoding");

    private ResponseOverrides() {}

    /**
     * The headers to send, by stored name.
     *
     * @param query gives the value of a query parameter, or null
     */
    public static Map<String, String> parse(Function<String, @Nullable String> query, boolean signed)
            throws S3Exception {
        Map<String, String> overrides = new HashMap<>(0);
        for (Map.Entry<String, String> name : STORED_NAMES.entrySet()) {
            String value = query.apply(name.getKey());
            if (value == null) {
                continue;
            }
            if (!signed) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Request specific response headers cannot be used for anonymous GET requests.");
            }
            if (!isHeaderValue(value)) {
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "Header value cannot be represented using ISO-8859-1.")
                        .with("ArgumentName", name.getKey())
                        .with("ArgumentValue", value);
            }
            overrides.put(name.getValue(), value);
        }
        return overrides;
    }

    private static boolean isHeaderValue(String text) {
        return text.chars().allMatch(c -> c >= ' ' && c <= 0xff && c != 0x7f || c == '\t');
    }
}
