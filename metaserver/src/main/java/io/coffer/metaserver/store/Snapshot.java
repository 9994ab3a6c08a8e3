package io.coffer.metaserver.store;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;

/** The rows of a group at one moment. Not thread-safe. */
public final class Snapshot implements Reader, AutoCloseable {
    private final GroupStore store;
    private final RocksDB db;
    private final org.rocksdb.Snapshot snapshot;
    private final ReadOptions options;

    Snapshot(GroupStore store, RocksDB db) {
        this.store = store;
        this.db = db;
        snapshot = db.getSnapshot();
        options = new ReadOptions().setSnapshot(snapshot);
    }

    @Override
    public <V> @Nullable V get(Table<V> table, byte[] key) {
        byte[] row = store.get(table.family(), key, options);
        return row == null ? null : table.codec().decode(row);
    }

    @Override
    public <V> Rows<V> scan(View<V> view, byte[] from, byte @Nullable [] to) {
        return store.scan(view, from, to, snapshot);
    }

    @Override
    public void close() {
        options.close();
        db.releaseSnapshot(snapshot);
        snapshot.close();
    }
}
