package io.coffer.gateway.payload;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Opens blocks of one sealed run. Used by one thread. */
public final class RunOpener {
    private final BlockCipher cipher;
    private final long length;
    private final byte[] sealed;
    private final byte[] plain;

    /** @param length of the run's bytes when they are open */
    public RunOpener(DataKey key, DataSeal seal, long length) {
        this.cipher = BlockCipher.opening(key, seal.run(), length);
        this.length = length;
        int longest = (int) Math.min(length, SealedLayout.BLOCK_BYTES);
        this.sealed = new byte[longest + SealedLayout.TAG_BYTES];
        this.plain = new byte[longest];
    }

    /**
     * Opens whole blocks, of which the last one of the run may be shorter.
     *
     * @param from the blocks; not moved
     * @param firstBlock which one {@code from} begins with
     * @param tags theirs, from the first one's; not moved
     * @param into gets as many bytes, at the same places: it may be {@code from} itself; not moved
     * @throws GeneralSecurityException if they aren't what was sealed here; some may have been opened by then
     */
    public void open(ByteBuffer from, int firstBlock, ByteBuffer tags, ByteBuffer into)
            throws GeneralSecurityException {
        int end = from.limit();
        int block = firstBlock;
        int tag = tags.position();
        for (int at = from.position(); at < end; block++, tag += SealedLayout.TAG_BYTES) {
            int size = (int) Math.min(SealedLayout.BLOCK_BYTES, length - (long) block * SealedLayout.BLOCK_BYTES);
            if (size > end - at) {
                throw new IllegalArgumentException("a part of a block");
            }
            from.get(at, sealed, 0, size);
            tags.get(tag, sealed, size, SealedLayout.TAG_BYTES);
            cipher.apply(block, sealed, size + SealedLayout.TAG_BYTES, plain);
            into.put(at, plain, 0, size);
            at += size;
        }
    }
}
