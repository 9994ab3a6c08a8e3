package io.coffer.gateway.s3.header;

import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.gateway.http.Headers;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.MessageDigest;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A key that a customer sends with a request (SSE-C). It is used and forgotten: neither kept nor logged.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html">S3: SSE-C</a>
 */
public final class CustomerKey {
    private static final int BYTES = 32;
    private static final String ALGORITHM = "AES256";
    private static final String SUBJECT =
            "Requests specifying Server Side Encryption with Customer provided keys must ";

    private final byte[] bytes;
    private final String md5;

    /** Of what it is the key. */
    public enum Place {
        /** What the request writes or reads. */
        TARGET("x-amz-server-side-encryption-customer-"),
        /** What a copy copies. */
        SOURCE("x-amz-copy-source-server-side-encryption-customer-");

        private final String algorithm;
        private final String key;
        private final String md5;

        Place(String prefix) {
            this.algorithm = prefix + "algorithm";
            this.key = prefix + "key";
            this.md5 = prefix + "key-MD5";
        }
    }

    private CustomerKey(byte[] bytes, String md5) {
        this.bytes = bytes;
        this.md5 = md5;
    }

    /**
     * The key in a request; null when there is none.
     *
     * @param mayTravel whether keys may come in this request: its connection is secure, or needn't be
     */
    public static @Nullable CustomerKey parse(Headers headers, Place place, boolean mayTravel) throws S3Exception {
        String algorithm = headers.first(place.algorithm);
        String key = headers.first(place.key);
        String md5 = headers.first(place.md5);
        if (algorithm == null && key == null && md5 == null) {
            return null;
        }
        if (!mayTravel) {
            throw new S3Exception(S3Error.INVALID_REQUEST, SUBJECT + "be made over a secure connection.");
        }
        if (algorithm == null) {
            throw invalid(SUBJECT + "provide a valid encryption algorithm.", place.algorithm, null);
        }
        if (!algorithm.equals(ALGORITHM)) {
            throw new S3Exception(S3Error.INVALID_ENCRYPTION_ALGORITHM)
                    .with("ArgumentName", place.algorithm)
                    .with("ArgumentValue", algorithm);
        }
        if (key == null) {
            throw invalid(SUBJECT + "provide an appropriate secret key.", place.key, null);
        }
        if (md5 == null) {
            throw invalid(SUBJECT + "provide the client calculated MD5 of the secret key.", place.md5, null);
        }
        byte[] bytes = decode(key);
        if (bytes == null || bytes.length != BYTES) {
            throw invalid("The secret key was invalid for the specified algorithm.", place.algorithm, algorithm);
        }
        byte[] told = decode(md5);
        Checksummer digest = Md5.newChecksummer();
        digest.update(bytes);
        if (told == null || !MessageDigest.isEqual(told, digest.digest())) {
            throw invalid(
                    "The calculated MD5 hash of the key did not match the hash that was provided.", place.md5, md5);
        }
        return new CustomerKey(bytes, md5);
    }

    private static byte @Nullable [] decode(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static S3Exception invalid(String message, String header, @Nullable String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .with("ArgumentName", header)
                .with("ArgumentValue", String.valueOf(value));
    }

    public byte[] bytes() {
        return bytes;
    }

    /** What responses say of it. */
    public void write(Headers.Builder response) {
        response.add(Place.TARGET.algorithm, ALGORITHM);
        response.add(Place.TARGET.md5, md5);
    }

    @Override
    public String toString() {
        return "CustomerKey[hidden]";
    }
}
