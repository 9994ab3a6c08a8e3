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
    <V> Rows<V> scan(Table<V> table, byte[] from, byte @Nullable [] to);

    /** The rows whose keys begin with {@code prefix}. */
    default <V> Rows<V> scanPrefix(Table<V> table, byte[] prefix) {
        return scan(table, prefix, Keys.successor(prefix));
    }

    /** The value of the first row in a range; null when there is none. */
    default <V> @Nullable V first(Table<V> table, byte[] from, byte @Nullable [] to) {
        try (Rows<V> rows = scan(table, from, to)) {
            return rows.valid() ? rows.value() : null;
        }
    }
}
