package io.coffer.gateway.s3.operation;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is kept of a customer's key: a salted digest, which tells whether a key is the same, and nothing else about it. Layout: {@code
 * docs/formats/encrypted-data.md}.
 */
final class KeyCheck {
    private static final int SALT_BYTES = 16;
    private static final int DIGEST_BYTES = 16;
    private static final byte[] LABEL = "coffer key check".getBytes(StandardCharsets.US_ASCII);

    private KeyCheck() {}

    static ByteBuffer of(byte[] key, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return ByteBuffer.allocate(SALT_BYTES + DIGEST_BYTES)
                .put(salt)
                .put(digest(key, salt))
                .flip();
    }

    static boolean holds(ByteBuffer check, byte[] key) {
        if (check.remaining() != SALT_BYTES + DIGEST_BYTES) {
            return false;
        }
        byte[] salt = new byte[SALT_BYTES];
        byte[] digest = new byte[DIGEST_BYTES];
        check.duplicate().get(salt).get(digest);
        return MessageDigest.isEqual(digest, digest(key, salt));
    }

    private static byte[] digest(byte[] key, byte[] salt) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(LABEL);
            return Arrays.copyOf(mac.doFinal(salt), DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HMAC-SHA256", e);
        }
    }
}
