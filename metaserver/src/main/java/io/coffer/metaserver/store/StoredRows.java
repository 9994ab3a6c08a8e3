package io.coffer.metaserver.store;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** Rows as they are in RocksDB. */
final class StoredRows<V> implements Rows<V> {
    private final View.Decoder<V> decoder;
    private final byte[] from;
    private final @Nullable Slice end;
    private final ReadOptions options = new ReadOptions();
    private final RocksIterator iterator;
    private boolean valid;

    StoredRows(
            RocksDB db,
            ColumnFamilyHandle family,
            View.Decoder<V> decoder,
            byte[] from,
            byte @Nullable [] to,
            @Nullable Snapshot snapshot) {
        this.decoder = decoder;
        this.from = from;
        end = to == null ? null : new Slice(to);
        if (end != null) {
            options.setIterateUpperBound(end);
        }
        if (snapshot != null) {
            options.setSnapshot(snapshot);
        }
        iterator = db.newIterator(family, options);
        iterator.seek(from);
        check();
    }

    private void check() {
        valid = iterator.isValid();
        if (!valid) {
            try {
                iterator.status();
            } catch (RocksDBException e) {
                throw new StoreException("can't read metadata", e);
            }
        }
    }

    @Override
    public boolean valid() {
        return valid;
    }

    @Override
    public byte[] key() {
        return iterator.key();
    }

    @Override
    public V value() {
        return decoder.decode(iterator.value());
    }

    @Override
    public void next() {
        iterator.next();
        check();
    }

    @Override
    public void seek(byte[] key) {
        iterator.seek(Arrays.compareUnsigned(key, from) < 0 ? from : key);
        check();
    }

    @Override
    public void close() {
        iterator.close();
        options.close();
        if (end != null) {
            end.close();
        }
    }
}
