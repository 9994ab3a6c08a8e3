package io.coffer.gateway.s3;

import io.coffer.gateway.s3.error.S3Exception;
import io.coffer.gateway.s3.operation.QueryParameters;
import java.util.ArrayList;
import java.util.List;

/**
 * A request target, decoded once. A path isn't normalised: {@code //}, {@code .} and {@code ..} stay as they are.
 *
 * @param path decoded
 * @param rawPath as it was on the wire
 */
public record RequestLine(String path, String rawPath, QueryParameters query) {
    /** More parameters than any request of S3 has. */
    private static final int MAX_PARAMETERS = 256;

    /** @throws S3Exception InvalidURI, if it doesn't begin with a slash or isn't percent-encoded UTF-8 */
    public static RequestLine parse(String target) throws S3Exception {
        if (!target.startsWith("/")) {
            throw PercentDecoding.invalid(target);
        }
        int question = target.indexOf('?');
        String rawPath = question < 0 ? target : target.substring(0, question);
        QueryParameters query = question < 0 ? QueryParameters.EMPTY : query(target, question + 1);
        return new RequestLine(PercentDecoding.path(rawPath), rawPath, query);
    }

    private static QueryParameters query(String target, int start) throws S3Exception {
        List<QueryParameters.Parameter> parameters = new ArrayList<>(4);
        int at = start;
        while (at < target.length()) {
            int ampersand = target.indexOf('&', at);
            int end = ampersand < 0 ? target.length() : ampersand;
            if (end > at) {
                if (parameters.size() == MAX_PARAMETERS) {
                    throw PercentDecoding.invalid(target);
                }
                parameters.add(parameter(target, at, end));
            }
            at = end + 1;
        }
        return new QueryParameters(parameters);
    }

    private static QueryParameters.Parameter parameter(String target, int from, int to) throws S3Exception {
        int equals = target.indexOf('=', from);
        if (equals < 0 || equals >= to) {
            return new QueryParameters.Parameter(PercentDecoding.component(target, from, to), "");
        }
        return new QueryParameters.Parameter(
                PercentDecoding.component(target, from, equals), PercentDecoding.component(target, equals + 1, to));
    }
}
