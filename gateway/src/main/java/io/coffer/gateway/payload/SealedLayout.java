package io.coffer.gateway.payload;

/**
 * How long sealed bytes are: those of a run as they were, ciphertext for plaintext, and behind them a tag for each block. So every offset
 * means the same with and without encryption.
 */
public final class SealedLayout {
    /** Bytes that are opened together, or not at all. */
    public static final int BLOCK_BYTES = 64 << 10;

    /** A block's tag, in bytes. */
    public static final int TAG_BYTES = 16;

    private SealedLayout() {}

    /** Bytes that a run of {@code length} takes. */
    public static long sealedLength(long length) {
        return length + tagBytes(length);
    }

    /** The longest run that takes at most {@code sealed} bytes; exactly its length where {@code sealed} is a {@link #sealedLength}. */
    public static long openLength(long sealed) {
        return Math.max(0, sealed - TAG_BYTES * Math.ceilDiv(sealed, BLOCK_BYTES + TAG_BYTES));
    }

    static long tagBytes(long length) {
        return TAG_BYTES * Math.ceilDiv(length, BLOCK_BYTES);
    }
}
