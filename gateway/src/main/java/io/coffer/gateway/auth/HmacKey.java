package io.coffer.gateway.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * A key of HMAC-SHA-256 (RFC 2104) with both padded key blocks hashed beforehand: a signature costs two hash finishes and no
 * key schedule. Immutable: the two digests are only cloned, never fed.
 */
final class HmacKey {
    private static final int BLOCK_BYTES = 64;

    private final MessageDigest inner;
    private final MessageDigest outer;

    HmacKey(byte[] key) {
        byte[] block = Arrays.copyOf(key.length > BLOCK_BYTES ? Sha256.digest().digest(key) : key, BLOCK_BYTES);
        this.inner = primed(block, (byte) 0x36);
        this.outer = primed(block, (byte) 0x5c);
    }

    private static MessageDigest primed(byte[] block, byte pad) {
        byte[] padded = new byte[BLOCK_BYTES];
        for (int i = 0; i < BLOCK_BYTES; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        MessageDigest digest = Sha256.digest();
        digest.update(padded);
        return digest;
    }

    byte[] sign(byte[] message) {
        byte[] hash = Sha256.copy(inner).digest(message);
        return Sha256.copy(outer).digest(hash);
    }

    /** @param message whose characters are bytes, as on the wire */
    byte[] sign(String message) {
        return sign(message.getBytes(StandardCharsets.ISO_8859_1));
    }
}
