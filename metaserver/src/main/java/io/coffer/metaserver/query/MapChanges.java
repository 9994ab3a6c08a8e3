package io.coffer.metaserver.query;

import io.coffer.common.cluster.ClusterMapDelta;
import io.coffer.common.cluster.ClusterMapDelta.Changes;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.store.Family;
import io.coffer.metaserver.store.Keys;
import io.coffer.metaserver.store.Reader;
import io.coffer.metaserver.store.Table;
import io.coffer.metaserver.store.Tables;
import io.coffer.metaserver.store.Transaction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a commit does to the cluster map, from the rows it touches alone. */
final class MapChanges {
    private MapChanges() {}

    /** The revision of the map in these rows. */
    static long revision(Reader reader) {
        @Nullable Allocators ids = reader.get(Tables.ALLOCATORS, Tables.ALLOCATORS_ROW);
        return ids == null ? 0 : ids.clusterRevision();
    }

    /**
     * Null if the map stays as it is.
     *
     * @param from the revision before
     */
    static @Nullable ClusterMapDelta of(Transaction tx, long from) {
        if (!tx.touches(Family.CLUSTER)) {
            return null;
        }
        long revision = revision(tx);
        if (revision == from) {
            return null;
        }
        return new ClusterMapDelta(
                from,
                revision,
                changes(tx, Tables.NODES, 'n', Keys::nodeOf),
                changes(tx, Tables.DISKS, 'd', Keys::diskOf),
                changes(tx, Tables.VOLUMES, 'v', Keys::volumeOf),
                changes(tx, Tables.GROUPS, 'g', Keys::groupOf),
                changes(tx, Tables.REMOVED_NODES, 'o', Keys::nodeOf));
    }

    private static <K, V> Changes<K, V> changes(Transaction tx, Table<V> table, char letter, Function<byte[], K> key) {
        Map<K, V> changed = new HashMap<>();
        Set<K> removed = new HashSet<>();
        tx.<V>changes(table, Keys.letter(letter), (row, value) -> {
            if (value == null) {
                removed.add(key.apply(row));
            } else {
                changed.put(key.apply(row), value);
            }
        });
        return new Changes<>(changed, removed);
    }
}
