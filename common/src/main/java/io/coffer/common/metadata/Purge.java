package io.coffer.common.metadata;

/**
 * The deletion of all that is in a bucket, and of the bucket.
 *
 * @param begunMillis since 1970
 * @param versions that were deleted, delete markers included
 * @param bytes of them
 * @param kept locked versions that were met
 * @param ended whether only locked versions are left, and the bucket with them
 */
public record Purge(Bucket bucket, long begunMillis, long versions, long bytes, long kept, boolean ended) {}
