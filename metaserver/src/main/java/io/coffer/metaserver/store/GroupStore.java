package io.coffer.metaserver.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * The rows of one group, in a directory of their own.
 *
 * <p>Invariants: rows and the applied index change together, in one atomic write; what is on disk is the state at one
 * applied index, because all column families are flushed together and there is no write-ahead log. The Raft log is that:
 * after a crash the store is at an index no later than the last commit and no earlier than the last {@link #flush}, and
 * the log brings it up again.
 *
 * <p>One thread writes ({@link #begin}, {@link #commit}); any number read, flush and take checkpoints beside it. Nobody
 * uses it after {@link #close}, not even an open snapshot.
 */
public final class GroupStore implements AutoCloseable {
    /** The version of the rows as a whole; a store of a higher one is refused. */
    static final int FORMAT = 1;

    private static final byte[] FORMAT_ROW = Keys.utf8("format");
    private static final byte[] APPLIED_ROW = Keys.utf8("applied");

    private static final int MAX_OPEN_FILES = 2000;
    private static final int BACKGROUND_JOBS = 2;
    private static final int KEPT_INFO_LOGS = 2;
    private static final long INFO_LOG_BYTES = 4 << 20;

    private final String directory;
    private final GroupKind kind;
    private final RocksDB db;
    private final Map<Family, ColumnFamilyHandle> handles;
    private final List<ColumnFamilyHandle> allHandles;
    private final List<AutoCloseable> owned;
    private final WriteOptions unlogged = new WriteOptions().setDisableWAL(true);
    private final ReadOptions latest = new ReadOptions();
    private volatile AppliedIndex applied;

    private GroupStore(
            String directory,
            GroupKind kind,
            RocksDB db,
            Map<Family, ColumnFamilyHandle> handles,
            List<ColumnFamilyHandle> allHandles,
            List<AutoCloseable> owned) {
        this.directory = directory;
        this.kind = kind;
        this.db = db;
        this.handles = handles;
        this.allHandles = allHandles;
        this.owned = owned;
        this.applied = readApplied();
    }

    /**
     * Opens the store in a directory, or creates it there; the parent directory must exist.
     *
     * @throws StoreException if it can't be read, belongs to another kind of group, or was written by a newer version
     */
    public static GroupStore open(String directory, GroupKind kind, StoreResources resources) {
        FamilyOptions familyOptions = new FamilyOptions(resources);
        DBOptions options = databaseOptions(resources);
        List<AutoCloseable> owned = List.of(options, familyOptions);
        try {
            checkFamilies(directory, kind);
            List<Family> families = Family.of(kind);
            List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
            for (Family family : families) {
                descriptors.add(new ColumnFamilyDescriptor(Keys.utf8(family.columnFamily()), familyOptions.of(family)));
            }
            List<ColumnFamilyHandle> opened = new ArrayList<>();
            RocksDB db = RocksDB.open(options, directory, descriptors, opened);
            Map<Family, ColumnFamilyHandle> handles = new EnumMap<>(Family.class);
            for (int i = 0; i < families.size(); i++) {
                handles.put(families.get(i), opened.get(i));
            }
            GroupStore store = new GroupStore(directory, kind, db, handles, List.copyOf(opened), owned);
            store.checkFormat();
            return store;
        } catch (RocksDBException e) {
            throw new StoreException("can't open the metadata in " + directory, e);
        }
    }

    private static DBOptions databaseOptions(StoreResources resources) {
        return new DBOptions()
                .setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setAvoidFlushDuringShutdown(true)
                .setWriteBufferManager(resources.writeBuffers())
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setKeepLogFileNum(KEPT_INFO_LOGS)
                .setMaxLogFileSize(INFO_LOG_BYTES)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0);
    }

    private static void checkFamilies(String directory, GroupKind kind) throws RocksDBException {
        Set<String> known = new HashSet<>();
        Family.of(kind).forEach(family -> known.add(family.columnFamily()));
        List<byte[]> found;
        try (Options options = new Options()) {
            found = RocksDB.listColumnFamilies(options, directory);
        } catch (RocksDBException e) {
            // There is none yet; if it is something worse, opening says so.
            return;
        }
        for (byte[] name : found) {
            if (!known.contains(new String(name, StandardCharsets.UTF_8))) {
                throw new StoreException("the metadata in " + directory + " has rows this version doesn't know: "
                        + new String(name, StandardCharsets.UTF_8));
            }
        }
    }

    /** The first row says what this is: format version, kind of group. */
    private void checkFormat() throws RocksDBException {
        byte[] expected = {FORMAT, kind.mark()};
        byte[] found = db.get(handle(Family.META), FORMAT_ROW);
        if (found == null) {
            db.put(handle(Family.META), unlogged, FORMAT_ROW, expected);
        } else if (found.length < expected.length || found[0] > FORMAT || found[1] != expected[1]) {
            closeQuietly();
            throw new StoreException("the metadata in " + directory + " is of format " + found[0]
                    + " or of another kind of group; this version knows " + FORMAT);
        }
    }

    private AppliedIndex readApplied() {
        byte[] row = get(Family.META, APPLIED_ROW, latest);
        if (row == null) {
            return AppliedIndex.NONE;
        }
        ByteBuffer words = ByteBuffer.wrap(row);
        return new AppliedIndex(words.getLong(), words.getLong());
    }

    /** The column families that a kind of group has. */
    public static List<Family> families(GroupKind kind) {
        return Family.of(kind);
    }

    public GroupKind kind() {
        return kind;
    }

    /** The entry of the last commit. */
    public AppliedIndex applied() {
        return applied;
    }

    /** Starts a set of changes; only one at a time. */
    public Transaction begin() {
        return new Transaction(this);
    }

    /** Makes the changes visible, together with the index of the entry they come from. Not yet durable: the log is. */
    public void commit(Transaction transaction, AppliedIndex index) {
        try (WriteBatch batch = new WriteBatch()) {
            transaction.writeTo(batch);
            batch.put(handle(Family.META), APPLIED_ROW, Keys.words(index.term(), index.index()));
            db.write(unlogged, batch);
        } catch (RocksDBException e) {
            throw new StoreException("can't write the metadata in " + directory, e);
        }
        applied = index;
    }

    /** The state now, for as long as the caller likes; to be closed. */
    public Snapshot snapshot() {
        return new Snapshot(this, db, ReadTier.READ_ALL_TIER);
    }

    /** The same for who can't wait for a disk: what may not be in memory, and every scan, throws {@link NotInMemoryException}. */
    public Snapshot memory() {
        return new Snapshot(this, db, ReadTier.BLOCK_CACHE_TIER);
    }

    /** About how many rows some families have. */
    public long estimatedRows(Family... families) {
        try {
            long rows = 0;
            for (Family family : families) {
                rows += db.getLongProperty(handle(family), "rocksdb.estimate-num-keys");
            }
            return rows;
        } catch (RocksDBException e) {
            throw new StoreException("can't measure the metadata in " + directory, e);
        }
    }

    /** The memory of rows that aren't on disk yet: no less than a flush writes. */
    public long unflushedBytes() {
        try {
            return db.getAggregatedLongProperty("rocksdb.cur-size-all-mem-tables");
        } catch (RocksDBException e) {
            throw new StoreException("can't measure the metadata in " + directory, e);
        }
    }

    /**
     * Makes everything committed before the call durable. On a disk without room for {@link #unflushedBytes} it must not be tried:
     * RocksDB then takes no writes for some seconds, even if there is room at once.
     */
    public void flush() {
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true).setAllowWriteStall(true)) {
            db.flush(options, allHandles);
        } catch (RocksDBException e) {
            throw new StoreException("can't flush the metadata in " + directory, e);
        }
    }

    /**
     * Makes a durable copy of at least everything committed before the call in a new directory, which shares files where it
     * can and can be opened as a store of its own. Needs room as {@link #flush} does.
     */
    public void checkpoint(String newDirectory) {
        flush();
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(newDirectory);
        } catch (RocksDBException e) {
            throw new StoreException("can't copy the metadata to " + newDirectory, e);
        }
    }

    ColumnFamilyHandle handle(Family family) {
        ColumnFamilyHandle handle = handles.get(family);
        if (handle == null) {
            throw new IllegalArgumentException("a " + kind + " group has no " + family);
        }
        return handle;
    }

    byte @Nullable [] get(Family family, byte[] key, ReadOptions options) {
        try {
            return db.get(handle(family), options, key);
        } catch (RocksDBException e) {
            if (e.getStatus() != null && e.getStatus().getCode() == Status.Code.Incomplete) {
                throw new NotInMemoryException();
            }
            throw new StoreException("can't read the metadata in " + directory, e);
        }
    }

    byte @Nullable [] get(Family family, byte[] key) {
        return get(family, key, latest);
    }

    /** @param snapshot of this store's; null for the state now */
    <V> Rows<V> scan(View<V> view, byte[] from, byte @Nullable [] to, org.rocksdb.@Nullable Snapshot snapshot) {
        return new StoredRows<>(db, handle(view.family()), view.decoder(), from, to, snapshot);
    }

    /** Makes everything committed durable, and ends. */
    @Override
    public void close() {
        try {
            flush();
        } finally {
            closeQuietly();
        }
    }

    /** Ends as a crash would: whatever was not flushed is gone. */
    void abandon() {
        closeQuietly();
    }

    /**
     * Waits for the flushes, compactions and deletions of files that run, and lets none begin until {@link #goOn}. As long as nobody
     * uses the store, its files are what a kill would leave.
     */
    void standStill() {
        try {
            db.pauseBackgroundWork();
        } catch (RocksDBException e) {
            throw new StoreException("can't stop the work on " + directory, e);
        }
    }

    /** Ends {@link #standStill}. */
    void goOn() {
        try {
            db.continueBackgroundWork();
        } catch (RocksDBException e) {
            throw new StoreException("can't take up the work on " + directory, e);
        }
    }

    private void closeQuietly() {
        allHandles.forEach(ColumnFamilyHandle::close);
        db.close();
        unlogged.close();
        latest.close();
        try {
            for (AutoCloseable object : owned) {
                object.close();
            }
        } catch (Exception e) {
            throw new StoreException("could not release options", e);
        }
    }
}
