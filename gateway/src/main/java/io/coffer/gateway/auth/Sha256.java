package io.coffer.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 of short texts, without the provider lookup that {@link MessageDigest#getInstance} does each time. */
final class Sha256 {
    /** The hash of no bytes, in hexadecimal. */
    static final String OF_NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /** Never fed, so that cloning it is safe from any thread. */
    private static final MessageDigest FRESH;

    static {
        try {
            FRESH = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private Sha256() {}

    static MessageDigest digest() {
        return copy(FRESH);
    }

    /** @param text whose characters are bytes, as on the wire */
    static byte[] of(String text) {
        return digest().digest(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    static MessageDigest copy(MessageDigest digest) {
        try {
            return (MessageDigest) digest.clone();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be cloned", e);
        }
    }
}
