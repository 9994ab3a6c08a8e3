package io.coffer.metaserver.store;

import java.util.Properties;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all groups of one server share: a cache of blocks, one of the bodies of small objects, and the rows that are not on disk
 * yet, which count against the first. Closed after every store that uses it.
 */
public final class StoreResources implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final int CACHE_SHARD_BITS = 4;

    /** The part of the cache that indexes and filters may claim before blocks. */
    private static final double INDEX_SHARE = 0.3;

    /** One in so many bytes that aren't for write buffers is for bodies, which live in files that the cache of blocks doesn't know. */
    private static final int BODIES_SHARE = 4;

    private final long writeBufferBytes;
    private final Cache cache;
    private final ColumnFamilyOptions bodies;
    private final WriteBufferManager writeBuffers;

    /**
     * @param cacheBytes for blocks, indexes, filters, bodies
     * @param writeBufferBytes for rows that are not on disk yet; part of {@code cacheBytes}
     */
    public StoreResources(long cacheBytes, long writeBufferBytes) {
        if (writeBufferBytes <= 0 || writeBufferBytes > cacheBytes) {
            throw new IllegalArgumentException("write buffers of " + writeBufferBytes + " in " + cacheBytes + " bytes");
        }
        this.writeBufferBytes = writeBufferBytes;
        long bodiesBytes = (cacheBytes - writeBufferBytes) / BODIES_SHARE;
        bodies = bodies(bodiesBytes);
        cache = new LRUCache(cacheBytes - bodiesBytes, CACHE_SHARD_BITS, false, INDEX_SHARE);
        writeBuffers = new WriteBufferManager(writeBufferBytes, cache);
    }

    /** RocksDB's Java classes can't set a cache for blobs, its text options can; copies share it. */
    private static ColumnFamilyOptions bodies(long bytes) {
        Properties text = new Properties();
        text.setProperty("blob_cache", Long.toString(bytes));
        ColumnFamilyOptions options = ColumnFamilyOptions.getColumnFamilyOptionsFromProps(text);
        if (options == null) {
            throw new IllegalStateException("this RocksDB has no cache of blobs");
        }
        return options;
    }

    /** Options with the cache of bodies, to be copied. */
    ColumnFamilyOptions bodies() {
        return bodies;
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    long writeBufferBytes() {
        return writeBufferBytes;
    }

    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
        bodies.close();
    }
}
