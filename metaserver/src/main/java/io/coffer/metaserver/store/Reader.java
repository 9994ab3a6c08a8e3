package io.coffer.metaserver.store;

import org.jspecify.annotations.Nullable;

/** A state of one group's rows. */
public interface Reader {
    <V> @Nullable V get(Table<V> table, byte[] key);

    /**
     * The rows from {@code from}, inclusive, to {@code to}, exclusive, standing at the first.
     *
     * @param to null for no end
     */
    <V> Rows<V> scan(View<V> view, byte[] from, byte @Nullable [] to);

    /** The rows whose keys begin with {@code prefix}. */
    default <V> Rows<V> scanPrefix(View<V> view, byte[] prefix) {
        return scan(view, prefix, Keys.successor(prefix));
    }

    /** The value of the first row in a range; null when there is none. */
    default <V> @Nullable V first(View<V> view, byte[] from, byte @Nullable [] to) {
        try (Rows<V> rows = scan(view, from, to)) {
            return rows.valid() ? rows.value() : null;
        }
    }
}
