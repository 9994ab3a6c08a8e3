package io.coffer.dataserver.index;

import io.coffer.common.io.NoSpaceException;
import java.util.List;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.CompressionType;
import org.rocksdb.Env;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.SstFileManager;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A table in RocksDB without its log: the segments are the log.
 *
 * <p>A call into a closed RocksDB crashes the process, so every call holds a lock that closing waits for.
 */
final class RocksTable implements IndexTable {
    private static final int FILTER_BITS_PER_KEY = 10;
    private static final int MAX_OPEN_FILES = 128;
    private static final int BACKGROUND_JOBS = 2;
    private static final long LOG_BYTES = 1L << 20;
    private static final long BYTES_PER_SYNC = 1L << 20;

    private final BloomFilter filter = new BloomFilter(FILTER_BITS_PER_KEY);
    private final SstFileManager space;
    private final Options options;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final ReadOptions scanOptions = new ReadOptions().setFillCache(false);
    private final RocksDB database;
    private final ReentrantReadWriteLock use = new ReentrantReadWriteLock();

    /** Guarded by the lock. */
    private boolean closed;

    private RocksTable(String path, IndexMemory memory, boolean readOnly) throws RocksDBException {
        // Without it RocksDB doesn't go on by itself when a full disk has room again.
        space = new SstFileManager(Env.getDefault());
        options = new Options()
                .setCreateIfMissing(true)
                .setWriteBufferSize(memory.writeBufferBytes())
                .setWriteBufferManager(memory.writeBuffers())
                .setMaxBackgroundJobs(BACKGROUND_JOBS)
                .setMaxOpenFiles(MAX_OPEN_FILES)
                .setCompressionType(CompressionType.NO_COMPRESSION)
                .setBytesPerSync(BYTES_PER_SYNC)
                .setAvoidFlushDuringShutdown(true)
                .setSstFileManager(space)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(2)
                .setMaxLogFileSize(LOG_BYTES)
                .setStatsDumpPeriodSec(0)
                .setTableFormatConfig(new BlockBasedTableConfig()
                        .setBlockCache(memory.cache())
                        .setCacheIndexAndFilterBlocks(true)
                        .setPinL0FilterAndIndexBlocksInCache(true)
                        .setFilterPolicy(filter));
        boolean opened = false;
        try {
            database = readOnly ? RocksDB.openReadOnly(options, path) : RocksDB.open(options, path);
            opened = true;
        } finally {
            if (!opened) {
                closeOptions();
            }
        }
    }

    static RocksTable open(String path, IndexMemory memory, boolean readOnly) throws IndexException {
        try {
            return new RocksTable(path, memory, readOnly);
        } catch (RocksDBException e) {
            throw failure("open", e);
        }
    }

    @Override
    public byte @Nullable [] get(byte[] key) throws IndexException {
        begin();
        try {
            return database.get(key);
        } catch (RocksDBException e) {
            throw failure("read", e);
        } finally {
            end();
        }
    }

    @Override
    public void write(List<Change> changes) throws IndexException {
        begin();
        try (WriteBatch batch = new WriteBatch()) {
            for (Change change : changes) {
                byte[] value = change.value();
                if (value == null) {
                    batch.delete(change.key());
                } else {
                    batch.put(change.key(), value);
                }
            }
            database.write(writeOptions, batch);
        } catch (RocksDBException e) {
            throw failure("write", e);
        } finally {
            end();
        }
    }

    @Override
    public void scan(byte[] from, Visitor visitor) throws IndexException {
        begin();
        try (RocksIterator iterator = database.newIterator(scanOptions)) {
            for (iterator.seek(from); iterator.isValid(); iterator.next()) {
                if (!visitor.visit(iterator.key(), iterator.value())) {
                    return;
                }
            }
            iterator.status();
        } catch (RocksDBException e) {
            throw failure("scan", e);
        } finally {
            end();
        }
    }

    @Override
    public void flush() throws IndexException {
        begin();
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            database.flush(flush);
        } catch (RocksDBException e) {
            throw failure("flush", e);
        } finally {
            end();
        }
    }

    private void begin() throws IndexException {
        use.readLock().lock();
        if (closed) {
            use.readLock().unlock();
            throw new IndexException(
                    IndexException.Reason.FAILED, "the index is closed", new IllegalStateException("used after close"));
        }
    }

    private void end() {
        use.readLock().unlock();
    }

    @Override
    public void close() {
        use.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                database.close();
                closeOptions();
            }
        } finally {
            use.writeLock().unlock();
        }
    }

    private void closeOptions() {
        scanOptions.close();
        writeOptions.close();
        options.close();
        space.close();
        filter.close();
    }

    private static IndexException failure(String what, RocksDBException e) {
        Status status = e.getStatus();
        return new IndexException(reason(status, e), "can't " + what + " the index: " + e.getMessage(), e);
    }

    private static IndexException.Reason reason(@Nullable Status status, RocksDBException e) {
        String text = String.valueOf(e.getMessage());
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace || NoSpaceException.isBehind(e)) {
            return IndexException.Reason.NO_SPACE;
        }
        boolean ioError = status != null && status.getCode() == Status.Code.IOError && !text.contains("No such file");
        return ioError ? IndexException.Reason.FAILED : IndexException.Reason.DAMAGED;
    }
}
