package io.coffer.gateway.s3.operation;

/** Bounds of the S3 API. */
public final class Limits {
    /** Bytes that one PutObject or UploadPart may carry: Amazon's 5 GiB. */
    public static final long MAX_PUT_BYTES = 5L << 30;

    /** The longest document that a request may carry, in bytes: 10,000 parts with checksums take 3 MB, 1,000 deletes of long keys 6 MB. */
    public static final int MAX_DOCUMENT_BYTES = 8 << 20;

    /** Entries of a page of any listing of a bucket. */
    public static final int MAX_PAGE = 1000;

    /** Entries of a page of ListBuckets. */
    public static final int MAX_BUCKETS = 10_000;

    private Limits() {}
}
