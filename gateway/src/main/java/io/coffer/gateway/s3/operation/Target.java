package io.coffer.gateway.s3.operation;

/** What a request is about, after the host name and path were decoded once. */
public sealed interface Target {
    /** The service itself: {@code GET /}. */
    record Service() implements Target {}

    /** @param bucket as sent; whether it is a possible name is checked by the operation */
    record BucketTarget(String bucket) implements Target {}

    /** @param key decoded, at least one character */
    record ObjectTarget(String bucket, String key) implements Target {}
}
