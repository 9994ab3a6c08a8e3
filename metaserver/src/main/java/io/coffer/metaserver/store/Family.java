package io.coffer.metaserver.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The column families. Their rows are described in {@code docs/formats/metadata-rows.md}. A name, once stored, is for ever;
 * the order here is not.
 */
public enum Family {
    /** Format, applied index, clock, allocators. */
    META(Use.BOTH, Shape.FEW),
    /** Remembered outcomes by request id. */
    REQUESTS(Use.BOTH, Shape.QUEUE),

    ACCOUNTS(Use.SYSTEM, Shape.FEW),
    ACCESS_KEYS(Use.SYSTEM, Shape.FEW),
    BUCKETS(Use.SYSTEM, Shape.FEW),
    CLUSTER(Use.SYSTEM, Shape.FEW),

    PARTITIONS(Use.BUCKET, Shape.FEW),
    COUNTERS(Use.BUCKET, Shape.FEW),
    /** The current version of a key, where it is an object: what a listing scans. */
    OBJECTS(Use.BUCKET, Shape.SCANNED),
    /** Noncurrent versions, and all delete markers. */
    VERSIONS(Use.BUCKET, Shape.SCANNED),
    NULL_VERSIONS(Use.BUCKET, Shape.FEW),
    /** The delete marker that is a key's newest version: what a read of a deleted key looks for. */
    MARKERS(Use.BUCKET, Shape.FEW),
    /** Bytes of small objects and parts. */
    INLINE(Use.BUCKET, Shape.BYTES),
    UPLOADS(Use.BUCKET, Shape.SCANNED),
    PARTS(Use.BUCKET, Shape.SCANNED),
    ASSEMBLIES(Use.BUCKET, Shape.FEW),
    /** What appended and composed objects consist of. */
    PIECES(Use.BUCKET, Shape.SCANNED),
    /** Answers to requests that clients may repeat. */
    CLIENT_TOKENS(Use.BUCKET, Shape.QUEUE),
    EXTENTS(Use.BUCKET, Shape.POINTS),
    /** What removed versions consisted of, until readers are done. */
    RETIRED(Use.BUCKET, Shape.QUEUE),
    RECLAIM(Use.BUCKET, Shape.QUEUE);

    private enum Use {
        SYSTEM,
        BUCKET,
        BOTH
    }

    /** How rows are used, which decides how they are stored. */
    enum Shape {
        /** Few or rarely touched rows. */
        FEW,
        /** Many rows, read one by one and in runs; worth compressing. */
        SCANNED,
        /** Many small rows, read one by one. */
        POINTS,
        /** Written once, deleted soon. */
        QUEUE,
        /** Values that are clients' bytes. */
        BYTES
    }

    private final Use use;
    private final Shape shape;

    Family(Use use, Shape shape) {
        this.use = use;
        this.shape = shape;
    }

    Shape shape() {
        return shape;
    }

    /** The name on disk; RocksDB insists on its own for the first. */
    String columnFamily() {
        return this == META ? "default" : name().toLowerCase(Locale.ROOT);
    }

    static List<Family> of(GroupKind kind) {
        return Arrays.stream(values())
                .filter(family -> switch (family.use) {
                    case BOTH -> true;
                    case SYSTEM -> kind == GroupKind.SYSTEM;
                    case BUCKET -> kind == GroupKind.BUCKET;
                })
                .toList();
    }
}
