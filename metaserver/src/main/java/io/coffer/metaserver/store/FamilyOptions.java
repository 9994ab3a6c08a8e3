package io.coffer.metaserver.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.Options;
import org.rocksdb.TablePropertiesCollectorFactory;

/** RocksDB's options for each shape of rows. Owns what it hands out until it is closed, after the store. */
final class FamilyOptions implements AutoCloseable {
    private static final double BLOOM_BITS = 10;
    private static final double MEMTABLE_BLOOM_RATIO = 0.02;
    private static final int SCANNED_BLOCK_BYTES = 8 << 10;
    private static final int POINT_BLOCK_BYTES = 4 << 10;

    /** Small, because every column family that was touched has one. */
    private static final long ARENA_BLOCK_BYTES = 64 << 10;

    private static final long TARGET_FILE_BYTES = 32 << 20;
    private static final int WRITE_BUFFERS = 4;

    /** Values from here on live in blob files, which compaction doesn't rewrite. */
    private static final long MIN_BLOB_BYTES = 1 << 10;

    private static final long BLOB_FILE_BYTES = 64 << 20;
    private static final double BLOB_AGE_CUTOFF = 0.5;

    /** A blob file in the older half is rewritten when this share of it is garbage. */
    private static final double BLOB_GARBAGE = 0.6;

    /** A file with this many deletions in a window of so many entries is compacted, so that scans don't wade through them. */
    private static final long DELETION_WINDOW = 2048;

    private static final long DELETION_TRIGGER = 1024;

    private final StoreResources resources;
    private final Deque<AutoCloseable> owned = new ArrayDeque<>();

    FamilyOptions(StoreResources resources) {
        this.resources = resources;
    }

    ColumnFamilyOptions of(Family family) {
        BlockBasedTableConfig table = new BlockBasedTableConfig()
                .setBlockCache(resources.cache())
                .setCacheIndexAndFilterBlocks(true)
                .setCacheIndexAndFilterBlocksWithHighPriority(true)
                .setPinL0FilterAndIndexBlocksInCache(true)
                .setFilterPolicy(own(new BloomFilter(BLOOM_BITS, false)))
                .setBlockSize(POINT_BLOCK_BYTES);
        ColumnFamilyOptions options = base(family)
                .setWriteBufferSize(resources.writeBufferBytes() / 2)
                .setMaxWriteBufferNumber(WRITE_BUFFERS)
                .setArenaBlockSize(ARENA_BLOCK_BYTES)
                .setTargetFileSizeBase(TARGET_FILE_BYTES)
                .setCompressionType(CompressionType.NO_COMPRESSION);
        switch (family.shape()) {
            case FEW -> options.setCompressionType(CompressionType.LZ4_COMPRESSION);
            case SCANNED -> {
                table.setBlockSize(SCANNED_BLOCK_BYTES);
                options.setCompressionType(CompressionType.LZ4_COMPRESSION);
                filterMisses(options);
            }
            case POINTS, QUEUE -> filterMisses(options);
            case BYTES ->
                options.setEnableBlobFiles(true)
                        .setMinBlobSize(MIN_BLOB_BYTES)
                        .setBlobFileSize(BLOB_FILE_BYTES)
                        .setEnableBlobGarbageCollection(true)
                        .setBlobGarbageCollectionAgeCutoff(BLOB_AGE_CUTOFF)
                        .setBlobGarbageCollectionForceThreshold(BLOB_GARBAGE);
        }
        return options.setTableFormatConfig(table);
    }

    private static void filterMisses(ColumnFamilyOptions options) {
        options.setMemtablePrefixBloomSizeRatio(MEMTABLE_BLOOM_RATIO).setMemtableWholeKeyFiltering(true);
    }

    /** Only {@link Options} can carry a collector of table properties. */
    private ColumnFamilyOptions base(Family family) {
        if (family.shape() == Family.Shape.BYTES) {
            return own(new ColumnFamilyOptions(resources.bodies()));
        }
        try (Options options = new Options()) {
            if (family.shape() == Family.Shape.SCANNED || family.shape() == Family.Shape.QUEUE) {
                options.setTablePropertiesCollectorFactory(
                        List.of(own(TablePropertiesCollectorFactory.NewCompactOnDeletionCollectorFactory(
                                DELETION_WINDOW, DELETION_TRIGGER, 0))));
            }
            return own(new ColumnFamilyOptions(options));
        }
    }

    private <T extends AutoCloseable> T own(T object) {
        owned.push(object);
        return object;
    }

    @Override
    public void close() {
        try {
            for (AutoCloseable object : owned) {
                object.close();
            }
        } catch (Exception e) {
            throw new StoreException("could not release options", e);
        }
    }
}
