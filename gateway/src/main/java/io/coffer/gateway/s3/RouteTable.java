package io.coffer.gateway.s3;

import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.operation.Operation;
import io.coffer.gateway.s3.operation.QueryParameters;
import io.coffer.gateway.s3.operation.Route;
import io.coffer.gateway.s3.operation.Subresources;
import io.coffer.gateway.s3.operation.Target;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the one operation that a request means. The set of subresources in the query must be equal to a route's; its other
 * discriminators must be present; of several routes the most specific wins. Two routes that could match one request are refused when
 * the table is built, and what matches none is never given to another operation. Immutable.
 */
final class RouteTable {
    private final Map<Place, List<Entry>> entries = new HashMap<>();
    private final Set<String> offered = new HashSet<>();

    /** Where a request looks: everything but the method, so that a wrong method can be told which ones are right. */
    private record Place(Route.Kind kind, Set<String> subresources) {}

    private record Entry(Route route, Operation operation) {
        int discriminators() {
            return route.queryValues().size() + route.headers().size();
        }

        boolean matches(QueryParameters query, Headers headers) {
            for (Map.Entry<String, String> wanted : route.queryValues().entrySet()) {
                String value = query.first(wanted.getKey());
                if (value == null
                        || !wanted.getValue().isEmpty() && !wanted.getValue().equals(value)) {
                    return false;
                }
            }
            for (String header : route.headers()) {
                if (!headers.contains(header)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Where a request leads. */
    sealed interface Match {
        record Found(Operation operation) implements Match {}

        /** @param name S3 has it, this server doesn't */
        record NotOffered(String name) implements Match {}

        /**
         * @param resourceType as the error document names it
         * @param allowed methods that are offered there; may be empty
         */
        record NotAllowed(String resourceType, Set<String> allowed) implements Match {}
    }

    /** @throws IllegalArgumentException if two routes could match one request */
    RouteTable(List<? extends Operation> operations) {
        for (Operation operation : operations) {
            Route route = operation.spec().route();
            Entry entry = new Entry(route, operation);
            List<Entry> neighbours = entries.computeIfAbsent(place(route), _ -> new ArrayList<>());
            for (Entry other : neighbours) {
                if (areAmbiguous(route, other.route)) {
                    throw new IllegalArgumentException(operation.spec().name() + " and "
                            + other.operation.spec().name() + " could match the same request");
                }
            }
            neighbours.add(entry);
            offered.add(operation.spec().name());
        }
        entries.values()
                .forEach(places -> places.sort(
                        Comparator.comparingInt(Entry::discriminators).reversed()));
    }

    /** A route may name a subresource as a discriminator, to ask for its value; it is one all the same. */
    private static Place place(Route route) {
        Set<String> subresources = new HashSet<>(route.subresources());
        for (String parameter : route.queryValues().keySet()) {
            if (Subresources.ALL.contains(parameter)) {
                subresources.add(parameter);
            }
        }
        if (!Subresources.ALL.containsAll(subresources)) {
            throw new IllegalArgumentException("not all of " + subresources + " are subresources of S3");
        }
        return new Place(route.kind(), Set.copyOf(subresources));
    }

    /** Of routes in one place: a request may satisfy both, and neither is more specific. */
    private static boolean areAmbiguous(Route a, Route b) {
        if (!a.method().equals(b.method())) {
            return false;
        }
        for (Map.Entry<String, String> parameter : a.queryValues().entrySet()) {
            String other = b.queryValues().get(parameter.getKey());
            boolean exclude = other != null
                    && !other.isEmpty()
                    && !parameter.getValue().isEmpty()
                    && !other.equals(parameter.getValue());
            if (exclude) {
                return false;
            }
        }
        Set<String> ofA = discriminators(a);
        Set<String> ofB = discriminators(b);
        return ofA.equals(ofB) || !ofA.containsAll(ofB) && !ofB.containsAll(ofA);
    }

    private static Set<String> discriminators(Route route) {
        Set<String> all = new HashSet<>(route.headers());
        route.queryValues().forEach((name, value) -> all.add('?' + name + '=' + value));
        return all;
    }

    Match match(String method, Target target, QueryParameters query, Headers headers) {
        Route.Kind kind = kind(target);
        Set<String> subresources = Subresources.in(query);
        List<Entry> candidates = entries.getOrDefault(new Place(kind, subresources), List.of());
        for (Entry entry : candidates) {
            if (entry.route.method().equals(method) && entry.matches(query, headers)) {
                return new Match.Found(entry.operation);
            }
        }
        String known = KnownOperations.name(kind, method, subresources);
        if (known != null && !offered.contains(known)) {
            return new Match.NotOffered(known);
        }
        Set<String> allowed = new TreeSet<>();
        candidates.forEach(entry -> allowed.add(entry.route.method()));
        return new Match.NotAllowed(resourceType(kind, subresources), allowed);
    }

    private static Route.Kind kind(Target target) {
        return switch (target) {
            case Target.Service() -> Route.Kind.SERVICE;
            case Target.BucketTarget _ -> Route.Kind.BUCKET;
            case Target.ObjectTarget _ -> Route.Kind.OBJECT;
        };
    }

    private static String resourceType(Route.Kind kind, Set<String> subresources) {
        return subresources.isEmpty()
                ? kind.name()
                : String.join(",", subresources).toUpperCase(Locale.ROOT);
    }
}
