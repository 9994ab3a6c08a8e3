package io.coffer.dataserver.chunk;

import io.coffer.common.io.PooledBuffer;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.LongWrite;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A long record goes past the page cache, collected in pieces: while one is being written the next one fills, if there is a second
 * buffer for it. The head is written the ordinary way.
 */
final class LongRecordSink extends RecordSink {
    private final LocalDisk disk;
    private final ChunkMemory memory;
    private PooledBuffer filling;

    /** Idle, or in the write that is under way. */
    private @Nullable PooledBuffer other;

    private @Nullable LongWrite underWay;
    private boolean released;

    /** Bytes of data written, or being written. */
    private long begun;

    /** @param piece taken over */
    LongRecordSink(LocalDisk disk, ChunkMemory memory, Region region, int dataOffset, PooledBuffer piece) {
        super(memory.staging(), region, dataOffset);
        this.disk = disk;
        this.memory = memory;
        this.filling = piece;
    }

    @Override
    void write(ByteBuffer data) throws IOException {
        while (data.hasRemaining()) {
            ByteBuffer piece = filling.buffer();
            int count = Math.min(data.remaining(), piece.remaining());
            piece.put(data.slice(data.position(), count));
            data.position(data.position() + count);
            if (!piece.hasRemaining()) {
                beginWrite(piece);
                takeNextPiece();
            }
        }
    }

    private void beginWrite(ByteBuffer piece) throws IOException {
        awaitWrite();
        piece.flip();
        long at = dataOffset + begun;
        begun += piece.limit();
        underWay = disk.beginWrite(region, piece, at);
    }

    private void takeNextPiece() throws IOException {
        PooledBuffer next = other;
        if (next == null) {
            Optional<PooledBuffer> second = memory.writing().tryAcquire();
            if (second.isEmpty()) {
                awaitWrite();
                filling.buffer().clear();
                return;
            }
            next = second.get();
        }
        other = filling;
        filling = next;
        next.buffer().clear();
    }

    private void awaitWrite() throws IOException {
        LongWrite write = underWay;
        if (write != null) {
            underWay = null;
            write.await();
        }
    }

    @Override
    void finish(RecordHeader header, int[] blockChecksums) throws IOException {
        ByteBuffer rest = filling.buffer();
        if (rest.position() > 0) {
            int padded = (int) RecordLayout.align(rest.position());
            zero(rest, rest.position(), padded);
            beginWrite(rest.position(padded));
        }
        writeHead(header, blockChecksums);
        awaitWrite();
    }

    @Override
    void release() {
        if (!released) {
            released = true;
            LongWrite write = underWay;
            if (write != null) {
                write.awaitQuietly();
            }
            filling.close();
            if (other != null) {
                other.close();
            }
        }
        super.release();
    }
}
