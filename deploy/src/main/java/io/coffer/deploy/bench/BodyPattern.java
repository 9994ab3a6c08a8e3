package io.coffer.deploy.bench;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/**
 * Bodies that prove themselves: every byte follows from the key, the sequence number of the write, and the length. Thread-safe.
 *
 * <pre>
 *   block of 4 KiB = hash of the key (8) | sequence (8) | length (8) | number of the block (8) | noise
 * </pre>
 *
 * The noise is a window into 1 MiB of random bytes; where it begins follows from the block's head.
 */
final class BodyPattern {
    static final int BLOCK_BYTES = 4096;

    private static final int HEAD_BYTES = 4 * Long.BYTES;
    private static final int NOISE_BYTES = 1 << 20;
    private static final ByteBuffer NOISE = noise();

    private BodyPattern() {}

    private static ByteBuffer noise() {
        byte[] bytes = new byte[NOISE_BYTES + BLOCK_BYTES];
        new SplittableRandom(0x0c0ffe4L).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    /** FNV-1a with a final mix. */
    static long hash(String key) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < key.length(); i++) {
            hash = (hash ^ key.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    private static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        return mixed ^ mixed >>> 33;
    }

    /** Fills what remains in {@code target} with the body's bytes from {@code offset}, a multiple of a block. */
    static void fill(ByteBuffer target, long keyHash, long writeSequence, long length, long offset) {
        long sequence = length < HEAD_BYTES ? 0 : writeSequence; // no room to tell it
        long block = offset / BLOCK_BYTES;
        while (target.hasRemaining()) {
            int bytes = Math.min(BLOCK_BYTES, target.remaining());
            if (bytes >= HEAD_BYTES) {
                target.putLong(keyHash).putLong(sequence).putLong(length).putLong(block);
                bytes -= HEAD_BYTES;
            }
            target.put(NOISE.slice(window(keyHash, sequence, length, block), bytes));
            block++;
        }
    }

    private static int window(long keyHash, long sequence, long length, long block) {
        return (int) (mix(keyHash + 31 * sequence + 17 * length + block * 0x9e3779b97f4a7c15L) & (NOISE_BYTES - 1));
    }

    /** Checks a body as it arrives. Used by one thread. */
    static final class Verifier {
        private final ByteBuffer expected = ByteBuffer.allocateDirect(BLOCK_BYTES);
        private final ByteBuffer received = ByteBuffer.allocateDirect(BLOCK_BYTES);
        private long keyHash;
        private long length;
        private long sequence;
        private long offset;
        private boolean wrong;

        void begin(String key, long bodyLength) {
            keyHash = hash(key);
            length = bodyLength;
            sequence = -1;
            offset = 0;
            wrong = false;
            received.clear();
        }

        /** Takes what remains in the buffer. */
        void accept(ByteBuffer bytes) {
            while (bytes.hasRemaining()) {
                int take = Math.min(bytes.remaining(), received.remaining());
                received.put(bytes.slice(bytes.position(), take));
                bytes.position(bytes.position() + take);
                if (!received.hasRemaining()) {
                    checkBlock();
                }
            }
        }

        private void checkBlock() {
            received.flip();
            if (offset == 0 && received.remaining() >= HEAD_BYTES) {
                sequence = received.getLong(Long.BYTES);
            }
            expected.clear().limit(received.remaining());
            fill(expected, keyHash, sequence, length, offset);
            wrong |= expected.flip().mismatch(received) >= 0;
            offset += received.remaining();
            received.clear();
        }

        /** Whether all bytes came and each was the right one. */
        boolean ended() {
            if (received.position() > 0) {
                checkBlock();
            }
            return !wrong && offset == length;
        }

        /** Of the write that made this body; -1 if it is too short to tell. */
        long sequence() {
            return sequence;
        }
    }
}
