package io.coffer.common.metadata;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * How a version's bytes are encrypted, as its readers are told. What opens the bytes is in the seals of their runs. Bytes may be shared only
 * between versions, and parts of uploads, of equal encryption.
 *
 * @param key the ARN of a managed key; else empty
 * @param context the encryption context of a managed key: JSON with its names in ascending order, or empty
 * @param bucketKey what the writer, or the bucket, says of bucket keys
 * @param keyCheck tells whether a customer's key is the one; else empty
 */
public record Encryption(Method method, String key, String context, boolean bucketKey, ByteBuffer keyCheck) {
    /** SSE-S3. */
    public static final Encryption STORE_KEY = new Encryption(Method.STORE_KEY, "", "", false, ByteBuffer.allocate(0));

    public Encryption {
        keyCheck = keyCheck.asReadOnlyBuffer();
    }

    /** Whose key it is. */
    public enum Method {
        /** The store's own: SSE-S3. */
        STORE_KEY,
        /** One of the key store's that was named: SSE-KMS. */
        MANAGED_KEY,
        /** The customer's, which comes with each request: SSE-C. */
        CUSTOMER_KEY
    }

    /** Whether an ETag is the MD5 of what was written. */
    public boolean hasMd5Tags() {
        return method == Method.STORE_KEY;
    }

    /**
     * Whether bytes of a version encrypted in one way are readable as those of one that is encrypted in the other: what is copied without
     * being read, composed or appended needs it. Null is no encryption.
     */
    public static boolean mayShare(@Nullable Encryption one, @Nullable Encryption other) {
        return one == null || other == null ? one == null && other == null : one.isReadableAs(other);
    }

    private boolean isReadableAs(Encryption other) {
        return method == other.method
                && key.equals(other.key)
                && context.equals(other.context)
                && keyCheck.equals(other.keyCheck);
    }
}
