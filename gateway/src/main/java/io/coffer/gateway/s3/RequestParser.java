package io.coffer.gateway.s3;

import io.coffer.gateway.http.RequestHead;
import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells bucket, key and query from a request line and a host name. A path isn't normalised: {@code //}, {@code .} and {@code ..}
 * are bytes of keys.
 */
final class RequestParser {
    /** Lower case, longest first, so that the most specific one tells the bucket. */
    private final List<String> baseDomains;

    RequestParser(List<String> baseDomains) {
        this.baseDomains = baseDomains.stream()
                .map(domain -> domain.toLowerCase(Locale.ROOT))
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    ParsedRequest parse(RequestHead head) throws S3Exception {
        RequestLine line = RequestLine.parse(head.target());
        String hostBucket = hostBucket(head.headers().first("host"));
        return new ParsedRequest(
                target(line.path(), hostBucket), line.path(), line.rawPath(), line.query(), hostBucket);
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
