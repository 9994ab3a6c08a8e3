package io.coffer.metaserver.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;

/** The rows of a group at one moment. Not thread-safe. */
public final class Snapshot implements Reader, AutoCloseable {
    private final GroupStore store;
    private final RocksDB db;
    private final ReadTier tier;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;

    /** @param tier that may be read */
    Snapshot(GroupStore store, RocksDB db, ReadTier tier) {
        this.store = store;
        this.db = db;
        this.tier = tier;
        snapshot = db.getSnapshot();
        options = new ReadOptions().setSnapshot(snapshot).setReadTier(tier);
    }

    @Override
    public <V> @Nullable V get(Table<V> table, byte[] key) {
        byte[] row = store.get(table.family(), key, options);
        return row == null ? null : table.codec().decode(row);
    }

    @Override
    public <V> Rows<V> scan(View<V> view, byte[] from, byte @Nullable [] to) {
        if (tier != ReadTier.READ_ALL_TIER) {
            throw new NotInMemoryException();
        }
        return store.scan(view, from, to, snapshot);
    }

    @Override
    public void close() {
        options.close();
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }
}
