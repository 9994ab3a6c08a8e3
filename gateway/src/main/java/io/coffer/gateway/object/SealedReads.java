package io.coffer.gateway.object;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.Seal;
import io.coffer.gateway.payload.DataKeys;
import io.coffer.gateway.payload.DataSeal;
import io.coffer.gateway.payload.RunOpener;
import io.coffer.gateway.payload.SealedLayout;
import io.coffer.gateway.s3.error.S3Exception;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sealed runs of one read: of each, the blocks that have bytes of the range, and no others. The tags of a long extent are read
 * before its first block, once. Used by one thread.
 */
final class SealedReads {
    private static final int BLOCK = SealedLayout.BLOCK_BYTES;
    private static final int TAG = SealedLayout.TAG_BYTES;

    private final ExtentReader extents;
    private final DataKeys keys;
    /** Whose are the next two. */
    private @Nullable ExtentSlice current;

    private @Nullable RunOpener opener;
    /** From the slice's first block on; null when they come with the blocks. */
    private @Nullable ByteBuffer tags;

    SealedReads(ExtentReader extents, DataKeys keys) {
        this.extents = extents;
        this.keys = keys;
    }

    /** The bytes of a run that is kept in metadata. */
    ByteBuffer read(DataRun.InlineRun run) throws S3Exception, IOException {
        ByteBuffer all = run.bytes().duplicate();
        int length = (int) SealedLayout.openLength(all.remaining());
        ByteBuffer sealed = all.slice(all.position(), length);
        ByteBuffer open = ByteBuffer.allocate(length);
        try {
            opener(run.seal(), length)
                    .open(sealed, 0, all.slice(all.position() + length, all.remaining() - length), open);
        } catch (GeneralSecurityException e) {
            throw new IOException("the bytes in metadata aren't what was sealed", e);
        }
        return open.slice(run.offset(), run.size());
    }

    /** As much of a slice as fits into a buffer, from {@code offset} inside the slice. */
    PooledBuffer read(ExtentSlice slice, long offset) throws ChunkException, S3Exception, IOException {
        long length = SealedLayout.openLength(slice.extentLength());
        long start = slice.offset() + offset;
        long end = Math.min(
                slice.offset() + slice.length(),
                start - start % BufferPool.DEFAULT_DATA_BYTES + BufferPool.DEFAULT_DATA_BYTES);
        long firstByte = start - start % BLOCK;
        long lastByte = Math.min(length, Math.ceilDiv(end, BLOCK) * BLOCK);
        int firstBlock = (int) (firstByte / BLOCK);
        boolean withTags = lastByte == length
                && slice.extentLength() - firstByte <= BufferPool.DEFAULT_BUFFER_BYTES
                && (tags == null || !slice.equals(current));
        RunOpener open = begin(slice, length, withTags);
        ExtentSlice whole = whole(slice);
        PooledBuffer buffer =
                extents.read(whole, firstByte, (int) ((withTags ? slice.extentLength() : lastByte) - firstByte));
        boolean done = false;
        try {
            ByteBuffer bytes = buffer.buffer();
            ByteBuffer itsTags = withTags
                    ? bytes.slice((int) (length - firstByte) + firstBlock * TAG, blocks(firstByte, lastByte) * TAG)
                    : requireTags()
                            .slice(
                                    (firstBlock - (int) (slice.offset() / BLOCK)) * TAG,
                                    blocks(firstByte, lastByte) * TAG);
            bytes.limit((int) (lastByte - firstByte));
            open.open(bytes, firstBlock, itsTags, bytes);
            bytes.limit((int) (end - firstByte)).position((int) (start - firstByte));
            done = true;
            return buffer;
        } catch (GeneralSecurityException e) {
            throw new IOException("extent " + slice.extent() + " isn't what was sealed", e);
        } finally {
            if (!done) {
                buffer.close();
            }
        }
    }

    private RunOpener begin(ExtentSlice slice, long length, boolean withTags)
            throws ChunkException, S3Exception, IOException {
        RunOpener open = opener;
        if (open == null || !slice.equals(current)) {
            open = opener(slice.seal(), length);
            tags = withTags ? null : readTags(slice, length);
            opener = open;
            current = slice;
        }
        return open;
    }

    private RunOpener opener(Seal seal, long length) throws S3Exception, IOException {
        try {
            DataSeal known = DataSeal.of(seal);
            return new RunOpener(keys.open(known), known, length);
        } catch (GeneralSecurityException e) {
            throw new IOException("a seal can't be opened", e);
        }
    }

    private ByteBuffer readTags(ExtentSlice slice, long length) throws ChunkException, S3Exception {
        long first = slice.offset() / BLOCK;
        int count = (int) (Math.ceilDiv(slice.offset() + slice.length(), BLOCK) - first);
        try (PooledBuffer read = extents.read(whole(slice), length + first * TAG, count * TAG)) {
            return ByteBuffer.allocate(count * TAG).put(read.buffer()).flip();
        }
    }

    private ByteBuffer requireTags() {
        if (tags == null) {
            throw new IllegalStateException("tags were to come with the blocks");
        }
        return tags;
    }

    private static int blocks(long firstByte, long lastByte) {
        return (int) Math.ceilDiv(lastByte - firstByte, BLOCK);
    }

    private static ExtentSlice whole(ExtentSlice slice) {
        return new ExtentSlice(
                slice.extent(), slice.volume(), slice.owner(), slice.extentLength(), 0, slice.extentLength());
    }
}
