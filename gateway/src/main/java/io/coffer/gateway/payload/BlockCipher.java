package io.coffer.gateway.payload;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM for the blocks of one run. A block's nonce is its place, run and number, and the run's length is authenticated with it: a block
 * that was moved, and a run that was cut short, don't open. A data key has no two bodies, so no nonce is used twice. Used by one thread.
 */
final class BlockCipher {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 8 * SealedLayout.TAG_BYTES;

    private final Cipher cipher;
    private final DataKey key;
    private final int mode;
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final byte[] runLength = new byte[Long.BYTES];

    private BlockCipher(DataKey key, int mode, int run, long length) {
        try {
            this.cipher = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        }
        this.key = key;
        this.mode = mode;
        ByteBuffer.wrap(nonce).putInt(0, run);
        ByteBuffer.wrap(runLength).putLong(0, length);
    }

    static BlockCipher sealing(DataKey key, int run, long length) {
        return new BlockCipher(key, Cipher.ENCRYPT_MODE, run, length);
    }

    static BlockCipher opening(DataKey key, int run, long length) {
        return new BlockCipher(key, Cipher.DECRYPT_MODE, run, length);
    }

    /** Sealing: {@code length} bytes become as many and a tag. Opening: they and the tag become the bytes. */
    void apply(int block, byte[] from, int length, byte[] into) throws GeneralSecurityException {
        begin(block);
        cipher.doFinal(from, 0, length, into, 0);
    }

    private void begin(int block) throws InvalidKeyException, InvalidAlgorithmParameterException {
        ByteBuffer.wrap(nonce).putInt(Integer.BYTES, block);
        cipher.init(mode, key.secret(), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(runLength);
    }
}
