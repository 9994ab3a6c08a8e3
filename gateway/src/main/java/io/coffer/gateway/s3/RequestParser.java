package io.coffer.gateway.s3;

import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells bucket, key and query from a request line and a host name. A path isn't normalised: {@code //}, {@code .} and {@code ..}
 * are bytes of keys. Path and query are decoded here and nowhere else.
 */
final class RequestParser {
    /** More parameters than any request of S3 has. */
    private static final int MAX_PARAMETERS = 256;

    /** Lower case, longest first, so that the most specific one tells the bucket. */
    private final List<String> baseDomains;

    RequestParser(List<String> baseDomains) {
        this.baseDomains = baseDomains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    ParsedRequest parse(RequestHead head) throws S3Exception {
        String target = head.target();
        if (!target.startsWith("/")) {
            throw PercentDecoding.invalid(target);
        }
        int question = target.indexOf('?');
        String rawPath = question < 0 ? target : target.substring(0, question);
        QueryParameters query = question < 0 ? QueryParameters.EMPTY : query(target, question + 1);
        String path = PercentDecoding.path(rawPath);
        String hostBucket = hostBucket(head.headers().first("host"));
        return new ParsedRequest(target(path, hostBucket), path, rawPath, query, hostBucket);
    }

    private static Target target(String path, @Nullable String hostBucket) {
        if (hostBucket != null) {
            return path.length() == 1
                    ? new Target.BucketTarget(hostBucket)
                    : new Target.ObjectTarget(hostBucket, path.substring(1));
        }
        if (path.length() == 1) {
            return new Target.Service();
        }
        int slash = path.indexOf('/', 1);
        if (slash < 0) {
            return new Target.BucketTarget(path.substring(1));
        }
        String bucket = path.substring(1, slash);
        return slash == path.length() - 1
                ? new Target.BucketTarget(bucket)
                : new Target.ObjectTarget(bucket, path.substring(slash + 1));
    }

    private static QueryParameters query(String target, int start) throws S3Exception {
        List<QueryParameters.Parameter> parameters = new ArrayList<>(4);
        int at = start;
        while (at < target.length()) {
            int ampersand = target.indexOf('&', at);
            int end = ampersand < 0 ? target.length() : ampersand;
            if (end > at) {
                int equals = target.indexOf('=', at);
                int nameEnd = equals < 0 || equals > end ? end : equals;
                if (parameters.size() == MAX_PARAMETERS) {
                    throw PercentDecoding.invalid(target);
                }
                parameters.add(new QueryParameters.Parameter(
                        PercentDecoding.component(target, at, nameEnd),
                        nameEnd == end ? "" : PercentDecoding.component(target, nameEnd + 1, end)));
            }
            at = end + 1;
        }
        return new QueryParameters(parameters);
    }

    private @Nullable String hostBucket(@Nullable String host) {
        if (host == null || baseDomains.isEmpty()) {
            return null;
        }
        int colon = host.indexOf(':');
        int end = colon < 0 ? host.length() : colon;
        for (String domain : baseDomains) {
            int dot = end - domain.length() - 1;
            if (dot > 0 && host.charAt(dot) == '.' && host.regionMatches(true, dot + 1, domain, 0, domain.length())) {
                return host.substring(0, dot).toLowerCase(Locale.ROOT);
            }
            if (end == domain.length() && host.regionMatches(true, 0, domain, 0, end)) {
                return null;
            }
        }
        return null;
    }
}
