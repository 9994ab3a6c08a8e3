package io.coffer.metaserver.store;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/**
 * The memory that all groups of one server share: a cache of blocks, and the rows that are not on disk yet, which count
 * against the cache. Closed after every store that uses it.
 */
public final class StoreResources implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final int CACHE_SHARD_BITS = 4;

    /** The part of the cache that indexes and filters may claim before blocks. */
    private static final double INDEX_SHARE = 0.3;

    private final long writeBufferBytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    /**
     * @param cacheBytes for blocks, indexes, filters
     * @param writeBufferBytes for rows that are not on disk yet; part of {@code cacheBytes}
     */
    public StoreResources(long cacheBytes, long writeBufferBytes) {
        if (writeBufferBytes <= 0 || writeBufferBytes > cacheBytes) {
            throw new IllegalArgumentException("write buffers of " + writeBufferBytes + " in " + cacheBytes + " bytes");
        }
        this.writeBufferBytes = writeBufferBytes;
        cache = new LRUCache(cacheBytes, CACHE_SHARD_BITS, false, INDEX_SHARE);
        writeBuffers = new WriteBufferManager(writeBufferBytes, cache);
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
    }
}
