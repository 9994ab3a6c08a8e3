package io.coffer.gateway.auth;

import io.coffer.gateway.http.Header;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Subresources;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The string to sign of version 2 and its signature.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">S3: signing REST requests</a>
 */
final class V2Signature {
    private static final String ALGORITHM = "HmacSHA1";

    /**
     * Parameters beside the subresources whose values change the answer and so are signed. All subresources are, newer ones too:
     * an unsigned one would let the holder of a link use it for another operation.
     */
    private static final Set<String> SIGNED_PARAMETERS = Set.of(
            "partNumber",
            "versionId",
            "select-type",
            "response-cache-control",
            "response-content-disposition",
            "response-content-encoding",
            "response-content-language",
            "response-content-type",
            "response-expires");

    private V2Signature() {}

    /** @param date the Date line: empty when x-amz-date tells the time, the expiry for a link */
    static String stringToSign(SigningRequest request, String date) {
        return stringToSign(request, date, request.rawPath());
    }

    /**
     * What the Python SDK signs for a bucket in the path: it sends {@code /bucket} and signs {@code /bucket/}, which S3 takes too. Null for
     * other requests.
     */
    static @Nullable String stringToSignWithSlash(SigningRequest request, String date) {
        String path = request.rawPath();
        boolean bareBucket = request.hostBucket() == null && path.length() > 1 && path.lastIndexOf('/') == 0;
        return bareBucket ? stringToSign(request, date, path + '/') : null;
    }

    private static String stringToSign(SigningRequest request, String date, String path) {
        StringBuilder out = new StringBuilder(256);
        out.append(request.method()).append('\n');
        out.append(orEmpty(request.headers().first("content-md5"))).append('\n');
        out.append(orEmpty(request.headers().first("content-type"))).append('\n');
        out.append(date).append('\n');
        for (String name : amazonHeaders(request)) {
            out.append(name).append(':');
            CanonicalRequest.appendValues(out, request.headers(), name);
            out.append('\n');
        }
        if (request.hostBucket() != null) {
            out.append('/').append(request.hostBucket());
        }
        out.append(path);
        appendSubresources(out, request.query());
        return out.toString();
    }

    private static TreeSet<String> amazonHeaders(SigningRequest request) {
        TreeSet<String> names = new TreeSet<>();
        for (Header line : request.headers()) {
            String name = line.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-")) {
                names.add(name);
            }
        }
        return names;
    }

    private static void appendSubresources(StringBuilder out, QueryParameters query) {
        TreeMap<String, String> signed = new TreeMap<>();
        for (QueryParameters.Parameter parameter : query.list()) {
            String name = parameter.name();
            if (Subresources.ALL.contains(name) || SIGNED_PARAMETERS.contains(name)) {
                signed.putIfAbsent(name, parameter.value());
            }
        }
        char separator = '?';
        for (var parameter : signed.entrySet()) {
            out.append(separator).append(parameter.getKey());
            if (!parameter.getValue().isEmpty()) {
                out.append('=').append(parameter.getValue());
            }
            separator = '&';
        }
    }

    static String sign(Secret secret, String stringToSign) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.bytes(), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(stringToSign.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
