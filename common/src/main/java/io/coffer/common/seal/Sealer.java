package io.coffer.common.seal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secrets with the cluster's key, so that metadata alone gives none away. What the secret is of is authenticated with it: one
 * that was moved elsewhere doesn't open. Layout: {@code docs/formats/sealed-secret.md}. Thread-safe.
 */
public final class Sealer {
    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MIN_BYTES = 1 + NONCE_BYTES + TAG_BITS / 8;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKey clusterKey;
    private final SecureRandom random;

    Sealer(byte[] clusterKey, SecureRandom random) {
        this.clusterKey = new SecretKeySpec(clusterKey, "AES");
        this.random = random;
    }

    /** @param of what the secret belongs to, which must be told again to open it */
    public ByteBuffer seal(String of, byte[] secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, of).doFinal(secret);
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .flip();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing can't fail", e);
        }
    }

    /** @throws GeneralSecurityException if it was sealed with another cluster key or for something else, or was changed */
    public byte[] open(String of, ByteBuffer sealed) throws GeneralSecurityException {
        ByteBuffer in = sealed.duplicate();
        if (in.remaining() < MIN_BYTES || in.get() != VERSION) {
            throw new GeneralSecurityException("not a sealed secret of a known version");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return cipher(Cipher.DECRYPT_MODE, nonce, of).doFinal(rest);
    }

    private Cipher cipher(int mode, byte[] nonce, String of) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, clusterKey, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(of.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
