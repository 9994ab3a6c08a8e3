package io.coffer.gateway.s3.operation;

import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import org.jspecify.annotations.Nullable;

/** Query parameters that listings have in common. */
public final class ListParameters {
    private ListParameters() {}

    /** The value of a parameter; empty when it is absent. */
    public static String text(S3Request request, String name) {
        String value = request.query().first(name);
        return value == null ? "" : value;
    }

    /** The delimiter; null when there is none, or an empty one, which means the same. */
    public static @Nullable String delimiter(S3Request request) {
        String delimiter = text(request, "delimiter");
        return delimiter.isEmpty() ? null : delimiter;
    }

    public static boolean urlEncoded(S3Request request) throws S3Exception {
        String encoding = request.query().first("encoding-type");
        if (encoding == null) {
            return false;
        }
        if (!encoding.equals("url")) {
            throw invalid("encoding-type", encoding, "Invalid Encoding Method specified in Request");
        }
        return true;
    }

    /** How many entries a page may have: what was asked for, at most {@link Limits#MAX_PAGE}. */
    public static int limit(S3Request request, String name) throws S3Exception {
        return Math.min(number(name, request.query().first(name), Limits.MAX_PAGE), Limits.MAX_PAGE);
    }

    /**
     * A number that isn't negative.
     *
     * @param text what was sent; an empty or absent one means {@code absent}
     */
    public static int number(String name, @Nullable String text, int absent) throws S3Exception {
        if (text == null || text.isEmpty()) {
            return absent;
        }
        int number;
        try {
            number = Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw invalid(name, text, "Provided " + name + " not an integer or within integer range");
        }
        if (number < 0) {
            throw invalid(name, text, "Argument " + name + " must be an integer between 0 and 2147483647");
        }
        return number;
    }

    public static S3Exception invalid(String name, String value, String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }
}
