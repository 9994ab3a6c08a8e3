package io.coffer.dataserver.index;

import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/** The memory that the indexes of all disks share: a block cache, out of which the write buffers are taken too. */
public final class IndexMemory implements AutoCloseable {
    static {
        RocksDB.loadLibrary();
    }

    private static final long MIN_BYTES = 4L << 20;

    private final long bytes;
    private final Cache cache;
    private final WriteBufferManager writeBuffers;

    public IndexMemory(long bytes) {
        if (bytes < MIN_BYTES) {
            throw new IllegalArgumentException("index memory of " + bytes + " bytes, less than " + MIN_BYTES);
        }
        this.bytes = bytes;
        cache = new LRUCache(bytes);
        writeBuffers = new WriteBufferManager(bytes / 2, cache);
    }

    /** At most so much per disk waits to be flushed. */
    long writeBufferBytes() {
        return Math.clamp(bytes / 8, 1L << 20, 16L << 20);
    }

    Cache cache() {
        return cache;
    }

    WriteBufferManager writeBuffers() {
        return writeBuffers;
    }

    /** Bytes that blocks and write buffers take now. */
    public long usedBytes() {
        return cache.getUsage();
    }

    /** After the last index is closed. */
    @Override
    public void close() {
        writeBuffers.close();
        cache.close();
    }
}
