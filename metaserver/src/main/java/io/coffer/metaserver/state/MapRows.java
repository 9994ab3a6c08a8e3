package io.coffer.metaserver.state;

import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Rows;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Rows of the cluster map. Invariant: the map's revision rises with every change of one, and only then. */
final class MapRows {
    private MapRows() {}

    /** Puts a row; a new revision unless it was the same before. */
    static <V> void put(Transaction tx, Table<V> table, byte[] key, V value) {
        if (!value.equals(tx.get(table, key))) {
            tx.put(table, key, value);
            changed(tx);
        }
    }

    /** Deletes a row that is there. */
    static void delete(Transaction tx, Table<?> table, byte[] key) {
        tx.delete(table, key);
        changed(tx);
    }

    private static void changed(Transaction tx) {
        tx.put(
                Tables.ALLOCATORS,
                Tables.ALLOCATORS_ROW,
                BucketNameRules.allocators(tx).nextRevision());
    }

    /** All rows of a table whose keys begin with a letter. */
    static <V> List<V> all(Transaction tx, Table<V> table, char letter) {
        List<V> values = new ArrayList<>();
        try (Rows<V> rows = tx.scanPrefix(table, Keys.letter(letter))) {
            for (; rows.valid(); rows.next()) {
                values.add(rows.value());
            }
        }
        return values;
    }
}
