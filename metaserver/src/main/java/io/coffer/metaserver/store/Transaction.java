package io.coffer.metaserver.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Changes on top of a store, seen by their own reads, and nowhere else until {@link GroupStore#commit}. Values are kept as
 * objects and encoded once, at the commit, however often they change. What was read is remembered, so the store must not
 * change before the commit. Not thread-safe.
 *
 * <p>{@link #mark} and {@link #rollback} take back what was changed in between, exactly. A scan must be closed before the
 * rows it stands on change.
 */
public final class Transaction implements Reader {
    private static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private final GroupStore store;
    private final Map<Family, TreeMap<byte[], Change<?>>> changes = new EnumMap<>(Family.class);
    private final List<Undo> undo = new ArrayList<>();

    /** Rows as they are stored, and absences, that were read: rules ask again and again, and a call into RocksDB is dear. */
    private final Map<Family, TreeMap<byte[], Change<?>>> reads = new EnumMap<>(Family.class);

    /** Ranges that go before all other changes are written. */
    private final List<Range> deletedRanges = new ArrayList<>();

    /** A row's value; null when there is none. */
    private record Change<V>(Table.Codec<V> codec, @Nullable V value) {}

    /** What a row was before a change; no change for as it is stored. */
    private static final class Undo {
        private final TreeMap<byte[], Change<?>> family;
        private final byte[] key;
        private final @Nullable Change<?> before;

        Undo(TreeMap<byte[], Change<?>> family, byte[] key, @Nullable Change<?> before) {
            this.family = family;
            this.key = key;
            this.before = before;
        }

        void run() {
            if (before == null) {
                family.remove(key);
            } else {
                family.put(key, before);
            }
        }
    }

    private static final class Range {
        private final Family family;
        private final byte[] from;
        private final byte[] to;

        Range(Family family, byte[] from, byte[] to) {
            this.family = family;
            this.from = from;
            this.to = to;
        }
    }

    Transaction(GroupStore store) {
        this.store = store;
    }

    @Override
    public <V> @Nullable V get(Table<V> table, byte[] key) {
        Change<?> change = family(table.family()).get(key);
        if (change != null) {
            return value(table, change);
        }
        TreeMap<byte[], Change<?>> read = reads.computeIfAbsent(table.family(), any -> new TreeMap<>(ORDER));
        Change<?> known = read.get(key);
        if (known == null) {
            byte[] row = store.get(table.family(), key);
            known = new Change<>(
                    table.codec(), row == null ? null : table.codec().decode(row));
            read.put(key, known);
        }
        return value(table, known);
    }

    public <V> void put(Table<V> table, byte[] key, V value) {
        change(table.family(), key, new Change<>(table.codec(), value));
    }

    public <V> void delete(Table<V> table, byte[] key) {
        change(table.family(), key, new Change<V>(table.codec(), null));
    }

    private void change(Family family, byte[] key, Change<?> change) {
        TreeMap<byte[], Change<?>> rows = family(family);
        undo.add(new Undo(rows, key, rows.put(key, change)));
    }

    /**
     * Deletes committed rows from {@code from}, inclusive, to {@code to}, exclusive. The caller has changed and will read none
     * of them in this transaction, and doesn't roll this back.
     */
    public void deleteRange(Table<?> table, byte[] from, byte[] to) {
        deletedRanges.add(new Range(table.family(), from, to));
    }

    @Override
    public <V> Rows<V> scan(View<V> view, byte[] from, byte @Nullable [] to) {
        Rows<V> stored = store.scan(view, from, to, null);
        TreeMap<byte[], Change<?>> family = family(view.family());
        if (family.isEmpty() || to != null && Arrays.compareUnsigned(from, to) >= 0) {
            return stored;
        }
        NavigableMap<byte[], Change<?>> range =
                to == null ? family.tailMap(from, true) : family.subMap(from, true, to, false);
        return range.isEmpty() ? stored : new MergedRows<>(view, stored, range);
    }

    /** Whether any row of these families was changed. */
    public boolean touches(Family... families) {
        for (Family family : families) {
            TreeMap<byte[], Change<?>> rows = changes.get(family);
            if (rows != null && !rows.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** What was changed of a table's rows whose keys begin with {@code prefix}: values, and null for those that are gone. */
    public <V> void changes(Table<V> table, byte[] prefix, ChangedRow<V> each) {
        TreeMap<byte[], Change<?>> rows = changes.get(table.family());
        if (rows == null) {
            return;
        }
        for (Map.Entry<byte[], Change<?>> row : rows.tailMap(prefix, true).entrySet()) {
            if (!Keys.startsWith(row.getKey(), prefix)) {
                break;
            }
            each.changed(row.getKey(), value(table, row.getValue()));
        }
    }

    /** Takes rows that were changed. */
    @FunctionalInterface
    public interface ChangedRow<V> {
        /** @param value null when the row is gone */
        void changed(byte[] key, @Nullable V value);
    }

    /** A point to which {@link #rollback} returns. */
    public int mark() {
        return undo.size();
    }

    public void rollback(int mark) {
        while (undo.size() > mark) {
            undo.removeLast().run();
        }
    }

    void writeTo(WriteBatch batch) throws RocksDBException {
        for (Range range : deletedRanges) {
            batch.deleteRange(store.handle(range.family), range.from, range.to);
        }
        for (Map.Entry<Family, TreeMap<byte[], Change<?>>> family : changes.entrySet()) {
            ColumnFamilyHandle handle = store.handle(family.getKey());
            for (Map.Entry<byte[], Change<?>> row : family.getValue().entrySet()) {
                byte[] encoded = encode(row.getValue());
                if (encoded == null) {
                    batch.delete(handle, row.getKey());
                } else {
                    batch.put(handle, row.getKey(), encoded);
                }
            }
        }
    }

    private static <V> byte @Nullable [] encode(Change<V> change) {
        return change.value() == null ? null : change.codec().encode(change.value());
    }

    private TreeMap<byte[], Change<?>> family(Family family) {
        return changes.computeIfAbsent(family, any -> new TreeMap<>(ORDER));
    }

    /** A change that another view of the same rows made is seen through its bytes. */
    @SuppressWarnings("unchecked") // a codec makes values of its own table's type
    private static <V> @Nullable V value(View<V> view, Change<?> change) {
        if (change.codec().equals(view.decoder())) {
            return (V) change.value();
        }
        byte[] encoded = encode(change);
        return encoded == null ? null : view.decoder().decode(encoded);
    }

    /** Stored rows with the changes over them. */
    private static final class MergedRows<V> implements Rows<V> {
        private final View<V> view;
        private final Rows<V> stored;
        private final NavigableMap<byte[], Change<?>> range;
        private Map.@Nullable Entry<byte[], Change<?>> changed;
        private byte @Nullable [] storedKey;

        MergedRows(View<V> view, Rows<V> stored, NavigableMap<byte[], Change<?>> range) {
            this.view = view;
            this.stored = stored;
            this.range = range;
            changed = range.firstEntry();
            storedKey = stored.valid() ? stored.key() : null;
            skipDeleted();
        }

        private int compare() {
            if (storedKey == null || changed == null) {
                return storedKey == null ? 1 : -1;
            }
            return Arrays.compareUnsigned(storedKey, changed.getKey());
        }

        private void skipDeleted() {
            while (changed != null && compare() >= 0 && changed.getValue().value() == null) {
                step();
            }
        }

        private void step() {
            int order = compare();
            if (order <= 0) {
                stored.next();
                storedKey = stored.valid() ? stored.key() : null;
            }
            if (order >= 0 && changed != null) {
                changed = range.higherEntry(changed.getKey());
            }
        }

        @Override
        public boolean valid() {
            return storedKey != null || changed != null;
        }

        @Override
        public byte[] key() {
            Map.Entry<byte[], Change<?>> change = changed;
            return change != null && compare() >= 0 ? change.getKey() : stored.key();
        }

        @Override
        public V value() {
            Map.Entry<byte[], Change<?>> change = changed;
            if (change == null || compare() < 0) {
                return stored.value();
            }
            V value = Transaction.value(view, change.getValue());
            if (value == null) {
                throw new IllegalStateException("a deleted row is never stood on");
            }
            return value;
        }

        @Override
        public void next() {
            step();
            skipDeleted();
        }

        @Override
        public void seek(byte[] key) {
            stored.seek(key);
            storedKey = stored.valid() ? stored.key() : null;
            boolean before = !range.isEmpty() && Arrays.compareUnsigned(key, range.firstKey()) < 0;
            changed = before ? range.firstEntry() : range.ceilingEntry(key);
            skipDeleted();
        }

        @Override
        public void close() {
            stored.close();
        }
    }
}
