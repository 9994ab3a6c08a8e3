package io.coffer.common.checksum;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * CRC32C of each 64 KiB block of a run of bytes that arrives in buffers of any size; the last block may be shorter. Used by
 * one thread at a time.
 */
public final class BlockChecksums {
    public static final int BLOCK_SIZE = 64 * 1024;

    private static final int INITIAL_BLOCKS = 16;

    private final CRC32C crc = new CRC32C();
    private int[] finished = new int[INITIAL_BLOCKS];
    private int blocks;
    private int inBlock;

    /** The number of blocks in so many bytes. */
    public static int blocksIn(long bytes) {
        return Math.toIntExact(Math.ceilDiv(bytes, (long) BLOCK_SIZE));
    }

    /** The number of pieces that the borders of blocks cut a range into. */
    public static int piecesIn(long offset, long bytes) {
        return bytes == 0 ? 0 : blocksIn(offset + bytes) - Math.toIntExact(offset / BLOCK_SIZE);
    }

    /** CRC32C of one whole block: what remains in the buffer, which is consumed. */
    public static int ofBlock(ByteBuffer block) {
        if (block.remaining() > BLOCK_SIZE) {
            throw new IllegalArgumentException("block of " + block.remaining() + " bytes");
        }
        CRC32C crc = new CRC32C();
        crc.update(block);
        return (int) crc.getValue();
    }

    /**
     * Compares what remains in the buffer, which starts at a block's start and is consumed, with the blocks' checksums from
     * {@code firstBlock} on. All blocks but the last must be complete; the last is compared as it is.
     *
     * @return the number of the first block that differs, or -1
     */
    public static int firstMismatch(ByteBuffer data, int[] expected, int firstBlock) {
        CRC32C crc = new CRC32C();
        int limit = data.limit();
        int mismatch = -1;
        for (int block = firstBlock; data.position() < limit; block++) {
            data.limit(data.position() + Math.min(BLOCK_SIZE, limit - data.position()));
            crc.reset();
            crc.update(data);
            if (mismatch < 0 && (block >= expected.length || expected[block] != (int) crc.getValue())) {
                mismatch = block;
            }
        }
        data.limit(limit);
        return mismatch;
    }

    /** Takes what remains in the buffer and leaves its position at its limit. */
    public void update(ByteBuffer data) {
        int limit = data.limit();
        while (data.position() < limit) {
            int step = Math.min(BLOCK_SIZE - inBlock, limit - data.position());
            data.limit(data.position() + step);
            crc.update(data);
            inBlock += step;
            if (inBlock == BLOCK_SIZE) {
                finishBlock();
            }
        }
        data.limit(limit);
    }

    private void finishBlock() {
        if (blocks == finished.length) {
            finished = Arrays.copyOf(finished, 2 * blocks);
        }
        finished[blocks] = (int) crc.getValue();
        blocks++;
        crc.reset();
        inBlock = 0;
    }

    public long bytes() {
        return (long) blocks * BLOCK_SIZE + inBlock;
    }

    /** The checksums of all blocks since the last reset, the unfinished one as it is; more may be added afterwards. */
    public int[] result() {
        int[] result = Arrays.copyOf(finished, blocks + (inBlock > 0 ? 1 : 0));
        if (inBlock > 0) {
            result[blocks] = (int) crc.getValue();
        }
        return result;
    }

    public void reset() {
        crc.reset();
        blocks = 0;
        inBlock = 0;
    }
}
