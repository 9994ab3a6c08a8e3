package io.coffer.common.metadata;

import org.jspecify.annotations.Nullable;

/**
 * What a bucket's owner has set about encryption.
 *
 * @param method of objects whose writer names none, never a customer's key; null when nothing is said
 * @param key a managed key as it was named; empty for the default one
 * @param bucketKey what objects are told of bucket keys
 */
public record BucketEncryption(Encryption.@Nullable Method method, String key, boolean bucketKey, Blocked blocked) {
    /** Which writers are refused. */
    public enum Blocked {
        NOTHING_SAID,
        NOTHING_BLOCKED,
        CUSTOMER_KEYS_BLOCKED
    }
}
