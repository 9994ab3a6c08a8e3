package io.coffer.gateway.s3.operation;

import java.util.Map;
import java.util.Set;

/**
 * Which requests an operation answers: method and kind of target equal; the set of subresources in the query equal to
 * {@code subresources}, not a superset; every discriminator present. The most specific match wins.
 *
 * @param subresources names from the constant list of S3's subresources ({@code uploads}, {@code versioning}, …)
 * @param queryValues parameters that must be present with this value, e.g. {@code list-type=2}; an empty value means any
 * @param headers lower-case names of headers that must be present, e.g. {@code x-amz-copy-source}
 */
public record Route(
        String method, Kind kind, Set<String> subresources, Map<String, String> queryValues, Set<String> headers) {
    /** The kind of target. */
    public enum Kind {
        SERVICE,
        BUCKET,
        OBJECT
    }

    public Route {
        subresources = Set.copyOf(subresources);
        queryValues = Map.copyOf(queryValues);
        headers = Set.copyOf(headers);
    }

    public static Route of(String method, Kind kind, String... subresources) {
        return new Route(method, kind, Set.of(subresources), Map.of(), Set.of());
    }

    public Route withQuery(String name, String value) {
        var values = new java.util.HashMap<>(queryValues);
        values.put(name, value);
        return new Route(method, kind, subresources, values, headers);
    }

    public Route withHeader(String lowerCaseName) {
        var names = new java.util.HashSet<>(headers);
        names.add(lowerCaseName);
        return new Route(method, kind, subresources, queryValues, names);
    }
}
