package io.coffer.gateway.s3.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Decoded query parameters in the order they were sent; names are case-sensitive. Immutable. */
public final class QueryParameters {
    /** @param value empty when the parameter had no {@code =} */
    public record Parameter(String name, String value) {}

    public static final QueryParameters EMPTY = new QueryParameters(List.of());

    private final List<Parameter> parameters;

    public QueryParameters(List<Parameter> parameters) {
        this.parameters = List.copyOf(parameters);
    }

    /** The first value of that name, or null when the parameter is absent. */
    public @Nullable String first(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter.value();
            }
        }
        return null;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                values.add(parameter.value());
            }
        }
        return values;
    }

    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        parameters.forEach(parameter -> names.add(parameter.name()));
        return names;
    }

    public List<Parameter> list() {
        return parameters;
    }
}
