package io.coffer.gateway.s3;

import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.gateway.client.BucketCache;
import io.coffer.gateway.client.BucketDocuments;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.S3Response;
import io.coffer.gateway.s3.operation.Target;
import io.coffer.gateway.s3.xml.CorsConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What browsers are told on behalf of other web sites: answers to preflights, which nobody signs, and headers on what such a site asked
 * for, errors included. A request without an {@code Origin} costs nothing. Thread-safe.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTOPTIONSobject.html">S3: OPTIONS object</a>
 */
final class Cors {
    private static final String ORIGIN = "Origin";
    private static final String REQUEST_METHOD = "Access-Control-Request-Method";
    private static final String REQUEST_HEADERS = "Access-Control-Request-Headers";
    private static final String VARY = "Origin, Access-Control-Request-Headers, Access-Control-Request-Method";

    private static final String NOT_FOUND = "CORSResponse: Bucket not found";

    /** Amazon's words, its spelling included. */
    private static final String NOT_ALLOWED =
            "CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, request"
                    + " method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the"
                    + " resource's CORS spec.";

    private final BucketCache buckets;
    private final BucketDocuments documents;

    Cors(BucketCache buckets, BucketDocuments documents) {
        this.buckets = buckets;
        this.documents = documents;
    }

    /** The answer to a preflight. BadRequest for what is none, AccessForbidden for what no rule allows. */
    S3Response preflight(Headers request, Target target) throws S3Exception {
        String origin = request.first(ORIGIN);
        if (origin == null) {
            throw new S3Exception(S3Error.BAD_REQUEST, "Insufficient information. Origin request header needed.");
        }
        String method = request.first(REQUEST_METHOD);
        if (method == null || !CorsConfiguration.METHODS.contains(method)) {
            throw new S3Exception(S3Error.BAD_REQUEST, "Invalid Access-Control-Request-Method: " + method);
        }
        List<String> headers = names(request);
        CorsConfiguration.Rule rule = rule(configuration(target, method), origin, method, headers);
        if (rule == null) {
            throw forbidden(NOT_ALLOWED, method, target);
        }
        Headers.Builder response = new Headers.Builder();
        write(rule, origin, response);
        if (!headers.isEmpty()) {
            response.add("Access-Control-Allow-Headers", String.join(", ", headers));
        }
        return S3Response.empty(200, response.build());
    }

    private CorsConfiguration configuration(Target target, String method) throws S3Exception {
        String name = bucketName(target);
        CorsConfiguration found = null;
        if (name != null) {
            try {
                found = find(buckets.recall(name));
            } catch (S3Exception e) {
                throw e.error() == S3Error.NO_SUCH_BUCKET ? forbidden(NOT_FOUND, method, target) : e;
            }
        }
        if (found == null) {
            throw forbidden(S3Error.ACCESS_FORBIDDEN.message(), method, target);
        }
        return found;
    }

    /** The headers for a request that isn't a preflight; none where no rule matches, or the bucket can't be asked. */
    Headers headers(String method, Headers request, Target target) {
        String origin = request.first(ORIGIN);
        String name = origin == null ? null : bucketName(target);
        if (origin == null || name == null) {
            return Headers.EMPTY;
        }
        try {
            CorsConfiguration found = find(buckets.recall(name));
            // Who names a method is told of that one, as by Amazon.
            String named = request.first(REQUEST_METHOD);
            CorsConfiguration.Rule rule =
                    found == null ? null : rule(found, origin, named == null ? method : named, List.of());
            if (rule == null) {
                return Headers.EMPTY;
            }
            Headers.Builder response = new Headers.Builder();
            write(rule, origin, response);
            return response.build();
        } catch (S3Exception e) {
            // The request itself ends with that, or does without a bucket.
            return Headers.EMPTY;
        }
    }

    private @Nullable CorsConfiguration find(Bucket bucket) throws S3Exception {
        return documents.find(bucket, DocumentKind.CORS, CorsConfiguration.class, CorsConfiguration::parse);
    }

    private static CorsConfiguration.@Nullable Rule rule(
            CorsConfiguration configuration, String origin, String method, List<String> headers) {
        for (CorsConfiguration.Rule rule : configuration.rules()) {
            if (rule.allows(origin, method) && rule.allowsHeaders(headers)) {
                return rule;
            }
        }
        return null;
    }

    private static void write(CorsConfiguration.Rule rule, String origin, Headers.Builder response) {
        boolean everybody = rule.isForEverybody();
        response.add("Access-Control-Allow-Origin", everybody ? "*" : origin);
        response.add("Access-Control-Allow-Methods", String.join(", ", rule.allowedMethods()));
        if (!rule.exposedHeaders().isEmpty()) {
            response.add("Access-Control-Expose-Headers", String.join(", ", rule.exposedHeaders()));
        }
        if (rule.maxAgeSeconds() != null) {
            response.add("Access-Control-Max-Age", Integer.toString(rule.maxAgeSeconds()));
        }
        if (!everybody) {
            response.add("Access-Control-Allow-Credentials", "true");
        }
        response.add("Vary", VARY);
    }

    private static List<String> names(Headers request) {
        List<String> names = new ArrayList<>();
        for (String line : request.all(REQUEST_HEADERS)) {
            for (String name : line.split(",", -1)) {
                if (!name.isBlank()) {
                    names.add(name.strip().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }

    private static S3Exception forbidden(String message, String method, Target target) {
        return new S3Exception(S3Error.ACCESS_FORBIDDEN, message)
                .with("Method", method)
                .with("ResourceType", target instanceof Target.ObjectTarget ? "OBJECT" : "BUCKET");
    }

    private static @Nullable String bucketName(Target target) {
        return switch (target) {
            case Target.Service() -> null;
            case Target.BucketTarget(String bucket) -> bucket;
            case Target.ObjectTarget(String bucket, String _) -> bucket;
        };
    }
}
