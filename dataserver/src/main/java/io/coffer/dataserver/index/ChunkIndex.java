package io.coffer.dataserver.index;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.FormatException;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.IndexKeys;
import io.coffer.dataserver.format.SegmentEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where each chunk of a disk is. See docs/formats/chunk-index.md. Thread-safe, with one writer at a time.
 *
 * <p>What is durable is a prefix of the batches applied; after {@link #flush}, all of them.
 */
public final class ChunkIndex implements AutoCloseable {
    public static final String DIRECTORY = "index";

    private final IndexTable table;

    private ChunkIndex(IndexTable table) {
        this.table = table;
    }

    /** Opens the index of a disk, which is created when missing. */
    public static ChunkIndex open(FileSystem disk, IndexMemory memory) throws IndexException {
        try {
            disk.createDirectories(DIRECTORY);
        } catch (NoSpaceException e) {
            throw new IndexException(IndexException.Reason.NO_SPACE, "no space for the index", e);
        } catch (IOException e) {
            throw new IndexException(IndexException.Reason.FAILED, "can't create the index: " + e.getMessage(), e);
        }
        Optional<String> path = disk.realPath(DIRECTORY);
        return new ChunkIndex(
                path.isPresent()
                        ? RocksTable.open(path.get(), memory, false)
                        : SnapshotTable.open(disk.subdirectory(DIRECTORY)));
    }

    /** Opens what there is on a read-only disk; changes stay in memory. */
    public static ChunkIndex openReadOnly(FileSystem disk, IndexMemory memory) throws IndexException {
        Optional<String> path = disk.realPath(DIRECTORY);
        return new ChunkIndex(new OverlayTable(
                path.isPresent()
                        ? RocksTable.open(path.get(), memory, true)
                        : SnapshotTable.open(disk.subdirectory(DIRECTORY))));
    }

    /** An empty one whose changes stay in memory: for a read-only disk whose index is damaged. */
    public static ChunkIndex inMemory() {
        return new ChunkIndex(new OverlayTable(new EmptyTable()));
    }

    /** The chunk's entry, or null. */
    public @Nullable ChunkEntry get(ChunkKey key) throws IndexException {
        byte[] value = table.get(IndexKeys.chunk(key));
        return value == null ? null : decoded(() -> ChunkEntry.decode(value));
    }

    public void apply(IndexBatch batch) throws IndexException {
        table.write(batch.changes());
    }

    /** The chunks behind an extent (or all) in order, until the visitor has enough. */
    public void chunks(@Nullable ExtentId after, ChunkVisitor visitor) throws IndexException {
        byte[] from = after == null ? new byte[] {IndexKeys.CHUNK} : IndexKeys.behind(after);
        table.scan(
                from,
                (key, value) -> key[0] == IndexKeys.CHUNK
                        && visitor.visit(decoded(() -> IndexKeys.chunk(key)), decoded(() -> ChunkEntry.decode(value))));
    }

    /**
     * The chunks of one volume behind an extent (or all) in order, until the visitor has enough; it gets those of the last extent all the
     * same.
     *
     * @param maxLooks how many chunks, of whatever volume, to look at
     * @return the list goes on behind it; null if there is no more
     */
    public @Nullable ExtentId chunksOf(VolumeId volume, @Nullable ExtentId after, int maxLooks, ChunkVisitor visitor)
            throws IndexException {
        VolumeScan scan = new VolumeScan(volume, maxLooks, visitor);
        table.scan(after == null ? new byte[] {IndexKeys.CHUNK} : IndexKeys.behind(after), scan);
        return scan.next;
    }

    /** Ends between extents only, because a scan continues behind one. */
    private static final class VolumeScan implements IndexSource.Visitor {
        private final VolumeId volume;
        private final ChunkVisitor visitor;
        private int looksLeft;
        private boolean enough;
        private @Nullable ExtentId last;
        private @Nullable ExtentId next;

        VolumeScan(VolumeId volume, int maxLooks, ChunkVisitor visitor) {
            this.volume = volume;
            this.looksLeft = maxLooks;
            this.visitor = visitor;
        }

        @Override
        public boolean visit(byte[] bytes, byte[] value) throws IndexException {
            if (bytes[0] != IndexKeys.CHUNK) {
                return false;
            }
            ChunkKey key = decoded(() -> IndexKeys.chunk(bytes));
            if ((enough || looksLeft <= 0) && !key.extent().equals(last)) {
                next = last;
                return false;
            }
            if (key.volume().equals(volume)) {
                enough = !visitor.visit(key, decoded(() -> ChunkEntry.decode(value)));
            }
            last = key.extent();
            looksLeft--;
            return true;
        }
    }

    public List<SegmentEntry> segments() throws IndexException {
        List<SegmentEntry> segments = new ArrayList<>();
        scan(IndexKeys.SEGMENT, (number, value) -> segments.add(SegmentEntry.decode(number, value)));
        return segments;
    }

    /** The dead records that aren't erased yet, from a number on, in the order they died, until the visitor has enough. */
    public void dead(long from, DeadVisitor visitor) throws IndexException {
        table.scan(
                IndexKeys.numbered(IndexKeys.DEAD, from),
                (key, value) -> key[0] == IndexKeys.DEAD
                        && visitor.visit(decoded(() -> DeadRecord.decode(IndexKeys.number(key), value))));
    }

    public Map<VolumeId, Long> epochs() throws IndexException {
        Map<VolumeId, Long> epochs = new HashMap<>();
        scan(
                IndexKeys.EPOCH,
                (number, value) ->
                        epochs.put(new VolumeId(number), ByteBuffer.wrap(value).getLong()));
        return epochs;
    }

    /** Empty if nothing was ever written. */
    public Optional<IndexCounters> counters() throws IndexException {
        byte[] value = table.get(IndexKeys.counters());
        return value == null ? Optional.empty() : Optional.of(decoded(() -> IndexCounters.decode(value)));
    }

    private void scan(byte kind, Row row) throws IndexException {
        table.scan(new byte[] {kind}, (key, value) -> {
            if (key[0] != kind) {
                return false;
            }
            decoded(() -> {
                row.accept(IndexKeys.number(key), value);
                return kind;
            });
            return true;
        });
    }

    /** Makes everything applied so far durable. */
    public void flush() throws IndexException {
        table.flush();
    }

    /** Doesn't flush. */
    @Override
    public void close() {
        table.close();
    }

    private static <T> T decoded(Decoding<T> decoding) throws IndexException {
        try {
            return decoding.run();
        } catch (FormatException e) {
            throw new IndexException(IndexException.Reason.DAMAGED, String.valueOf(e.getMessage()), e);
        }
    }

    /** Sees chunks. */
    @FunctionalInterface
    public interface ChunkVisitor {
        /** Whether to go on. */
        boolean visit(ChunkKey key, ChunkEntry entry) throws IndexException;
    }

    /** Sees dead records. */
    @FunctionalInterface
    public interface DeadVisitor {
        /** Whether to go on. */
        boolean visit(DeadRecord record) throws IndexException;
    }

    private interface Decoding<T> {
        T run() throws FormatException;
    }

    private interface Row {
        void accept(long number, byte[] value) throws FormatException;
    }
}
