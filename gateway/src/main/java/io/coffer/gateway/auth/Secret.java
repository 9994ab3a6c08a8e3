package io.coffer.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A secret access key. It never shows itself: {@link #toString} says nothing, and comparing takes constant time. */
public final class Secret {
    private final byte[] bytes;

    private Secret(byte[] bytes) {
        this.bytes = bytes;
    }

    public static Secret of(String text) {
        return new Secret(text.getBytes(StandardCharsets.UTF_8));
    }

    static Secret ofBytes(byte[] bytes) {
        return new Secret(bytes.clone());
    }

    /** For the crypto beside it; not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    boolean is(String text) {
        return MessageDigest.isEqual(bytes, text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(bytes, secret.bytes);
    }

    /** The same for all secrets, so that a hash code gives nothing away. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "Secret[hidden]";
    }
}
