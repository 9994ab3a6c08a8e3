package io.coffer.common.checksum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** A stream of {@link Md5Lanes}. */
final class Md5LaneStream implements Md5Stream {
    /** Padding is a one bit, zeros, and the length in bits in the last eight bytes of a block. */
    private static final byte FIRST_PADDING = (byte) 0x80;

    private static final int LENGTH_BYTES = Long.BYTES;

    // Guarded by the lanes' lock; the array's content belongs to the batch that the stream runs in.
    final int[] state = Md5Scalar.newState();
    final Deque<byte[]> pending = new ArrayDeque<>();
    boolean queued;
    boolean running;
    boolean broken;

    // The owner's.
    private final Md5Lanes lanes;
    private byte @Nullable [] filling;
    private int filled;
    private long bytes;
    private boolean closed;

    Md5LaneStream(Md5Lanes lanes) {
        this.lanes = lanes;
    }

    @Override
    public void update(ByteBuffer data) {
        requireOpen();
        bytes += data.remaining();
        int chunksAtATime = data.remaining() / Md5Lanes.CHUNK_BYTES;
        while (data.hasRemaining()) {
            byte[] chunk = filling();
            int step = Math.min(data.remaining(), chunk.length - filled);
            data.get(chunk, filled, step);
            filled += step;
            if (filled == chunk.length) {
                filling = null;
                filled = 0;
                lanes.submit(this, chunk, chunksAtATime);
            }
        }
    }

    private byte[] filling() {
        byte[] chunk = filling;
        if (chunk == null) {
            chunk = lanes.takeChunk();
            filling = chunk;
        }
        return chunk;
    }

    @Override
    public void update(byte[] data, int offset, int length) {
        update(ByteBuffer.wrap(data, offset, length));
    }

    @Override
    public byte[] digest() {
        requireOpen();
        lanes.drain(this);
        if (broken) {
            throw new IllegalStateException("a batch of digests failed");
        }
        byte[] digest = finish(state, filling(), filled, bytes);
        restart();
        return digest;
    }

    /** @param tail what hasn't gone into the state, {@code length} of it */
    static byte[] finish(int[] state, byte[] tail, int length, long totalBytes) {
        int whole = length / Md5Scalar.BLOCK_BYTES * Md5Scalar.BLOCK_BYTES;
        Md5Scalar.compress(state, tail, 0, whole);
        int rest = length - whole;
        int blocks = Math.ceilDiv(rest + 1 + LENGTH_BYTES, Md5Scalar.BLOCK_BYTES);
        byte[] padded = new byte[blocks * Md5Scalar.BLOCK_BYTES];
        System.arraycopy(tail, whole, padded, 0, rest);
        padded[rest] = FIRST_PADDING;
        ByteBuffer.wrap(padded)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(padded.length - LENGTH_BYTES, totalBytes * Byte.SIZE);
        Md5Scalar.compress(state, padded, 0, padded.length);
        ByteBuffer digest = ByteBuffer.allocate(Md5.DIGEST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        Arrays.stream(state).forEach(digest::putInt);
        return digest.array();
    }

    @Override
    public void reset() {
        requireOpen();
        lanes.discard(this, null);
        restart();
    }

    private void restart() {
        System.arraycopy(Md5Scalar.newState(), 0, state, 0, state.length);
        filled = 0;
        bytes = 0;
        broken = false;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            lanes.discard(this, filling);
            filling = null;
            lanes.closed();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("closed");
        }
    }
}
