package io.coffer.gateway.auth;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The canonical request of version 4, byte for byte as Amazon S3 builds it: paths are not normalised, and every character of
 * the text stands for one byte.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">S3: signature calculations</a>
 */
final class CanonicalRequest {
    static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    private static final int TYPICAL_LENGTH = 768;

    private static final Comparator<Encoded> ORDER =
            Comparator.comparing(Encoded::name).thenComparing(Encoded::value);

    private record Encoded(String name, String value) {}

    private CanonicalRequest() {}

    /**
     * @param signedHeaders lower-case names in ascending order
     * @param payload the value of {@code x-amz-content-sha256}
     */
    static String of(SigningRequest request, List<String> signedHeaders, String payload) {
        StringBuilder out = new StringBuilder(TYPICAL_LENGTH);
        out.append(request.method()).append('\n');
        out.append(UriEncoding.path(request.path())).append('\n');
        appendQuery(out, request.query());
        out.append('\n');
        for (String name : signedHeaders) {
            out.append(name).append(':');
            appendValues(out, request.headers(), name);
            out.append('\n');
        }
        out.append('\n');
        for (int i = 0; i < signedHeaders.size(); i++) {
            if (i > 0) {
                out.append(';');
            }
            out.append(signedHeaders.get(i));
        }
        return out.append('\n').append(payload).toString();
    }

    private static void appendQuery(StringBuilder out, QueryParameters query) {
        List<QueryParameters.Parameter> parameters = query.list();
        if (parameters.isEmpty()) {
            return;
        }
        List<Encoded> encoded = new ArrayList<>(parameters.size());
        for (QueryParameters.Parameter parameter : parameters) {
            if (!parameter.name().equals(SIGNATURE_PARAMETER)) {
                encoded.add(
                        new Encoded(UriEncoding.component(parameter.name()), UriEncoding.component(parameter.value())));
            }
        }
        encoded.sort(ORDER);
        for (int i = 0; i < encoded.size(); i++) {
            if (i > 0) {
                out.append('&');
            }
            out.append(encoded.get(i).name()).append('=').append(encoded.get(i).value());
        }
    }

    /** Repeated lines are joined by commas. */
    static void appendValues(StringBuilder out, Headers headers, String name) {
        boolean first = true;
        for (Header line : headers) {
            if (line.name().equalsIgnoreCase(name)) {
                if (!first) {
                    out.append(',');
                }
                first = false;
                appendFolded(out, line.value());
            }
        }
    }

    /** Runs of white space become one space; there is none at the ends. */
    private static void appendFolded(StringBuilder out, String value) {
        int length = value.length();
        int start = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            boolean foldable = c == '\t' || c == ' ' && i + 1 < length && isBlank(value.charAt(i + 1));
            if (foldable) {
                out.append(value, start, i).append(' ');
                while (i + 1 < length && isBlank(value.charAt(i + 1))) {
                    i++;
                }
                start = i + 1;
            }
        }
        out.append(value, start, length);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
