package io.coffer.metaserver.model;

import java.time.Duration;

/** The bounds of the rules and of what is stored. All replicas must agree on them: a change needs a new cluster version. */
public final class Limits {
    /** How long a request id is remembered: far above a gateway's deadline, so that no repeat is applied twice. */
    public static final Duration REQUEST_WINDOW = Duration.ofMinutes(10);

    /** How often remembered requests are expired, in the group's time. */
    public static final Duration REQUEST_EXPIRY_PERIOD = Duration.ofSeconds(30);

    /** How long the bytes of a removed version stay, so that downloads in progress finish. */
    public static final Duration RETIRE_GRACE = Duration.ofMinutes(15);

    /** The age from which an extent can't be committed: orphans are looked for among older ones only. */
    public static final Duration COMMIT_LIMIT = Duration.ofHours(24);

    /** S3: parts of one upload. */
    public static final int MAX_PARTS = 10_000;

    /** S3: bytes of every part but the last. */
    public static final long MIN_PART_BYTES = 5L << 20;

    /** S3: bytes of one part. */
    public static final long MAX_PART_BYTES = 5L << 30;

    /** S3: bytes of one object that was assembled. */
    public static final long MAX_OBJECT_BYTES = 50L << 40;

    /** Bytes of one inline payload: what gateways inline is far below, and a log entry must hold it. */
    public static final int MAX_INLINE_BYTES = 1 << 20;

    /** Runs of one version or part: 10,000 parts' worth, so that a row stays below a megabyte or so. */
    public static final int MAX_RUNS = 10_000;

    /** Objects that one is composed of by one request. */
    public static final int MAX_SOURCES = 1000;

    /** Versions that one step of a purge looks at: a few milliseconds of apply. */
    public static final int MAX_PURGED = 1000;

    /** Purges in one answer. */
    public static final int MAX_PURGES = 1000;

    /** How long a client's token is remembered: S3 says no number; its SDKs repeat a request within minutes. */
    public static final Duration TOKEN_WINDOW = Duration.ofHours(1);

    /** S3: deletes in one request. */
    public static final int MAX_DELETES = 1000;

    /** S3: bytes of a key in UTF-8. */
    public static final int MAX_KEY_BYTES = 1024;

    /** S3's default quota of buckets per account. */
    public static final int MAX_BUCKETS_PER_ACCOUNT = 10_000;

    /** Buckets on one page of a listing. */
    public static final int MAX_BUCKETS_PAGE = 10_000;

    /** Extents in one command or query of the reclaimer: 16 bytes each, a log entry holds them easily. */
    public static final int MAX_EXTENTS = 10_000;

    /** Part rows released by one command: a few milliseconds of apply. */
    public static final int MAX_RELEASED = 1000;

    /**
     * How much earlier than its last report the extents were born that a disk that starts again may have lost, if it is an image that was
     * taken after that report: above what an extent takes from its birth to its commit, but for the slowest of clients. What one of those
     * wrote is missed here only if the image is from the seconds between, and a read finds it.
     */
    public static final Duration DISK_REPORT_MARGIN = Duration.ofHours(1);

    /** Join tokens that exist at one time. */
    public static final int MAX_TOKENS = 1000;

    /** Bytes of one named value of the cluster: certificates and settings are far below. */
    public static final int MAX_DOCUMENT_BYTES = 256 << 10;

    /**
     * Bytes of one document of a bucket: Amazon's longest is a lifecycle configuration of 1,000 rules; an entry of the log must hold it
     * beside others.
     */
    public static final int MAX_BUCKET_DOCUMENT_BYTES = 1 << 20;

    /** Missed writes in one command. */
    public static final int MAX_MISSED_WRITES = 1000;

    private Limits() {}
}
