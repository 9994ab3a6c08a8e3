package io.coffer.gateway.payload;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one body's bytes. It leaves this process only wrapped. Each wrapping has a key of its own, made of the wrapping key and
 * 16 random bytes, so that one wrapping key lasts for any number of them. Layout: {@code docs/formats/encrypted-data.md}.
 */
public final class DataKey {
    /** AES-256; also the length of keys that wrap. */
    public static final int BYTES = 32;

    static final int WRAPPED_BYTES = 16 + BYTES + SealedLayout.TAG_BYTES;

    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 8 * SealedLayout.TAG_BYTES;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKey key;

    private DataKey(byte[] bytes) {
        this.key = new SecretKeySpec(bytes, "AES");
    }

    static DataKey make(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new DataKey(bytes);
    }

    SecretKey secret() {
        return key;
    }

    boolean isSameAs(DataKey other) {
        return MessageDigest.isEqual(key.getEncoded(), other.key.getEncoded());
    }

    /** @param context what is authenticated with it, and must be told again to unwrap it */
    byte[] wrap(byte[] wrappingKey, byte[] context, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        byte[] wrapped = new byte[WRAPPED_BYTES];
        System.arraycopy(salt, 0, wrapped, 0, SALT_BYTES);
        try {
            wrapping(Cipher.ENCRYPT_MODE, wrappingKey, salt, context)
                    .doFinal(key.getEncoded(), 0, BYTES, wrapped, SALT_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("wrapping can't fail", e);
        }
        return wrapped;
    }

    /** @throws GeneralSecurityException if it was wrapped with another key or in another context, or was changed */
    static DataKey unwrap(byte[] wrappingKey, byte[] context, byte[] wrapped) throws GeneralSecurityException {
        byte[] salt = new byte[SALT_BYTES];
        System.arraycopy(wrapped, 0, salt, 0, SALT_BYTES);
        return new DataKey(wrapping(Cipher.DECRYPT_MODE, wrappingKey, salt, context)
                .doFinal(wrapped, SALT_BYTES, wrapped.length - SALT_BYTES));
    }

    private static Cipher wrapping(int mode, byte[] wrappingKey, byte[] salt, byte[] context)
            throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(wrappingKey, "HmacSHA256"));
        Cipher cipher = Cipher.getInstance(CIPHER);
        // The key is used once, so its nonce may be a constant.
        cipher.init(
                mode,
                new SecretKeySpec(mac.doFinal(salt), "AES"),
                new GCMParameterSpec(TAG_BITS, new byte[NONCE_BYTES]));
        cipher.updateAAD(context);
        return cipher;
    }
}
