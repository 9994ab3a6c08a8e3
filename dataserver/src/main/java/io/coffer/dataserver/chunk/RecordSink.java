package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.PooledBuffer;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts a record's bytes into its region, in whole pages only: a page that is written in part and isn't in memory would have to be read
 * first. The header goes last. Used by one thread at a time.
 */
abstract sealed class RecordSink permits RecordSink.Staged, RecordSink.Direct, LongRecordSink {
    private final BufferPool buffers;
    final Region region;
    final int dataOffset;

    private @Nullable PooledBuffer pooled;

    RecordSink(BufferPool buffers, Region region, int dataOffset) {
        this.buffers = buffers;
        this.region = region;
        this.dataOffset = dataOffset;
    }

    static RecordSink of(LocalDisk disk, ChunkMemory memory, Region region, long length) {
        int dataOffset = RecordLayout.dataOffset(length);
        if (RecordLayout.isStaged(length)) {
            return new Staged(memory.staging(), region, dataOffset);
        }
        Optional<PooledBuffer> piece = memory.isLong(length) ? memory.writing().tryAcquire() : Optional.empty();
        return piece.isPresent()
                ? new LongRecordSink(disk, memory, region, dataOffset, piece.get())
                : new Direct(memory.staging(), region, dataOffset);
    }

    /** Takes all that remains in the buffer. */
    abstract void write(ByteBuffer data) throws IOException;

    /** Writes what is missing; the record is complete then, and not durable. */
    abstract void finish(RecordHeader header, int[] blockChecksums) throws IOException;

    /** Gives the memory back, after any write under way. */
    void release() {
        PooledBuffer held = pooled;
        if (held != null) {
            pooled = null;
            held.close();
        }
    }

    /** A buffer of its own, when first needed. */
    ByteBuffer memory() throws ChunkException {
        PooledBuffer held = pooled;
        if (held == null) {
            held = buffers.tryAcquire()
                    .orElseThrow(() -> new ChunkException(ChunkError.OVERLOADED, "too many chunks being written"));
            pooled = held;
        }
        return held.buffer();
    }

    /** Header and table of a record whose data starts on a page border. */
    void writeHead(RecordHeader header, int[] blockChecksums) throws IOException {
        ByteBuffer head = memory().clear();
        header.encode(head, blockChecksums);
        zero(head, head.position(), dataOffset);
        region.write(head.position(0).limit(dataOffset), 0);
    }

    static void zero(ByteBuffer buffer, int from, int to) {
        for (int at = from; at < to; at++) {
            buffer.put(at, (byte) 0);
        }
    }

    /** A short record is collected in memory and written with one call. */
    static final class Staged extends RecordSink {
        private int collected;

        Staged(BufferPool buffers, Region region, int dataOffset) {
            super(buffers, region, dataOffset);
        }

        @Override
        void write(ByteBuffer data) throws IOException {
            int count = data.remaining();
            memory().clear().position(dataOffset + collected).put(data);
            collected += count;
        }

        @Override
        void finish(RecordHeader header, int[] blockChecksums) throws IOException {
            ByteBuffer record = memory().clear();
            header.encode(record, blockChecksums);
            zero(record, record.position(), dataOffset);
            zero(record, dataOffset + collected, (int) region.length());
            region.write(record.position(0).limit((int) region.length()), 0);
        }
    }

    /** A longer one goes straight from the caller's buffers, but for what doesn't fill a page. */
    static final class Direct extends RecordSink {
        /** Bytes of data in the region, whole pages; the rest is at the start of the memory. */
        private long written;

        private int carried;

        Direct(BufferPool buffers, Region region, int dataOffset) {
            super(buffers, region, dataOffset);
        }

        @Override
        void write(ByteBuffer data) throws IOException {
            while (data.hasRemaining()) {
                if (carried == 0 && data.remaining() >= RecordLayout.ALIGNMENT) {
                    writePages(data);
                } else {
                    carry(data);
                }
            }
        }

        private void writePages(ByteBuffer data) throws IOException {
            int limit = data.limit();
            int bytes = data.remaining() / RecordLayout.ALIGNMENT * RecordLayout.ALIGNMENT;
            int end = data.position() + bytes;
            region.write(data.limit(end), dataOffset + written);
            data.limit(limit).position(end);
            written += bytes;
        }

        /** Up to the next page border if whole pages follow, otherwise as much as there is room for. */
        private void carry(ByteBuffer data) throws IOException {
            ByteBuffer memory = memory();
            int capacity = memory.capacity() / RecordLayout.ALIGNMENT * RecordLayout.ALIGNMENT;
            int toBorder = Math.floorMod(-carried, RecordLayout.ALIGNMENT);
            boolean pagesFollow = data.remaining() >= toBorder + RecordLayout.ALIGNMENT;
            int count = pagesFollow ? toBorder : Math.min(data.remaining(), capacity - carried);
            memory.clear().position(carried);
            memory.put(data.slice(data.position(), count));
            data.position(data.position() + count);
            carried += count;
            if (pagesFollow || carried == capacity) {
                flush(carried);
            }
        }

        private void flush(int bytes) throws IOException {
            region.write(memory().clear().limit(bytes), dataOffset + written);
            written += bytes;
            carried = 0;
        }

        @Override
        void finish(RecordHeader header, int[] blockChecksums) throws IOException {
            if (carried > 0) {
                int padded = (int) RecordLayout.align(carried);
                zero(memory(), carried, padded);
                flush(padded);
            }
            writeHead(header, blockChecksums);
        }
    }
}
