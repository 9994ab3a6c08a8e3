package io.coffer.gateway.auth;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals secret access keys with the cluster's key, so that metadata alone signs nothing. The access key is authenticated with
 * it: a sealed secret moved to another key doesn't open. Layout: {@code docs/formats/sealed-secret.md}. Thread-safe.
 */
public final class SecretSealer {
    /** AES-256. */
    public static final int CLUSTER_KEY_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int MIN_BYTES = 1 + NONCE_BYTES + TAG_BITS / 8;
    private static final String CIPHER = "AES/GCM/NoPadding";

    private final SecretKey clusterKey;
    private final SecureRandom random;

    /** @param clusterKey {@link #CLUSTER_KEY_BYTES} bytes; copied */
    public SecretSealer(byte[] clusterKey, SecureRandom random) {
        if (clusterKey.length != CLUSTER_KEY_BYTES) {
            throw new IllegalArgumentException("the cluster's key has " + CLUSTER_KEY_BYTES + " bytes");
        }
        this.clusterKey = new SecretKeySpec(clusterKey, "AES");
        this.random = random;
    }

    public ByteBuffer seal(String accessKey, Secret secret) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce, accessKey).doFinal(secret.bytes());
            return ByteBuffer.allocate(1 + NONCE_BYTES + sealed.length)
                    .put(VERSION)
                    .put(nonce)
                    .put(sealed)
                    .flip();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("sealing can't fail", e);
        }
    }

    /** @throws GeneralSecurityException if it was sealed with another cluster key or for another access key, or was changed */
    public Secret open(String accessKey, ByteBuffer sealed) throws GeneralSecurityException {
        ByteBuffer in = sealed.duplicate();
        if (in.remaining() < MIN_BYTES || in.get() != VERSION) {
            throw new GeneralSecurityException("not a sealed secret of a known version");
        }
        byte[] nonce = new byte[NONCE_BYTES];
        in.get(nonce);
        byte[] rest = new byte[in.remaining()];
        in.get(rest);
        return Secret.ofBytes(cipher(Cipher.DECRYPT_MODE, nonce, accessKey).doFinal(rest));
    }

    private Cipher cipher(int mode, byte[] nonce, String accessKey) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, clusterKey, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(accessKey.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
