package io.coffer.gateway.http;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Header lines in the order they were sent; names are compared without regard to case. Immutable. */
public final class Headers implements Iterable<Header> {
    public static final Headers EMPTY = new Headers(List.of());

    private final List<Header> lines;

    public Headers(List<Header> lines) {
        this.lines = List.copyOf(lines);
    }

    /** Headers from name, value, name, value… */
    public static Headers of(String... namesAndValues) {
        Builder builder = new Builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            builder.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return builder.build();
    }

    /** The value of the first line of that name, or null. */
    public @Nullable String first(String name) {
        for (Header line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                return line.value();
            }
        }
        return null;
    }

    /** The values of all lines of that name, in order. */
    public List<String> all(String name) {
        List<String> values = new ArrayList<>(2);
        for (Header line : lines) {
            if (line.name().equalsIgnoreCase(name)) {
                values.add(line.value());
            }
        }
        return values;
    }

    public boolean contains(String name) {
        return first(name) != null;
    }

    public int size() {
        return lines.size();
    }

    @Override
    public Iterator<Header> iterator() {
        return lines.iterator();
    }

    @Override
    public String toString() {
        return lines.toString();
    }

    /** Collects lines. */
    public static final class Builder {
        private final List<Header> lines = new ArrayList<>();

        public Builder add(String name, String value) {
            lines.add(new Header(name, value));
            return this;
        }

        /** Adds the line unless the value is null. */
        public Builder addIfPresent(String name, @Nullable String value) {
            return value == null ? this : add(name, value);
        }

        public Builder addAll(Headers headers) {
            headers.forEach(lines::add);
            return this;
        }

        public Headers build() {
            return new Headers(lines);
        }
    }
}
