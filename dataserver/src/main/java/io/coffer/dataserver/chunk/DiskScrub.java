package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.ScannedRecord;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.disk.SegmentDamagedException;
import io.coffer.dataserver.disk.SegmentScanner;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentHeader;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads every live record in the order of the segments, in small steps, and reports those that don't verify. Used by one thread at a time.
 */
public final class DiskScrub {
    private final ChunkDisk chunks;
    private final ChunkIndex index;
    private final LocalDisk disk;
    private final SegmentUses uses;
    private final ChunkCounters counters;

    private @Nullable Round round;
    private long lastSegment = -1;
    private @Nullable ByteBuffer scanBuffer;
    private @Nullable ByteBuffer dataBuffer;

    DiskScrub(ChunkDisk chunks, ChunkIndex index, LocalDisk disk, SegmentUses uses, ChunkCounters counters) {
        this.chunks = chunks;
        this.index = index;
        this.disk = disk;
        this.uses = uses;
        this.counters = counters;
    }

    /** One segment being read. */
    private static final class Round {
        private final Segment segment;
        private final long generation;
        private final long liveAtStart;
        private final Set<Long> seen = new HashSet<>();
        private long position = SegmentHeader.RECORDS_START;

        Round(Segment segment, long liveAtStart) {
            this.segment = segment;
            this.generation = segment.generation();
            this.liveAtStart = liveAtStart;
        }
    }

    /** Bytes there are to read in a whole round. */
    public long liveBytes() {
        return uses.liveBytes();
    }

    /** Begins somewhere: a disk that is opened often would otherwise have its first segments read only. */
    public void startAt(long random) {
        long count = disk.segments().size();
        if (count > 0) {
            disk.segments().stream()
                    .map(Segment::id)
                    .sorted()
                    .skip(Math.floorMod(random, count))
                    .findFirst()
                    .ifPresent(id -> lastSegment = id - 1);
        }
    }

    /**
     * Reads on, about so many bytes.
     *
     * @return the bytes read, or -1 if that was the last segment: the next step begins a new round
     */
    public long step(long budgetBytes) throws ChunkException {
        if (!disk.health().isReadable()) {
            return -1;
        }
        Round current = round;
        if (current == null) {
            Segment next = next();
            if (next == null) {
                lastSegment = -1;
                return -1;
            }
            current = new Round(next, uses.of(next.id(), next.generation()).liveRecords());
            round = current;
        }
        long bytes = 0;
        boolean over = true;
        try {
            if (current.segment.pin(current.generation)) {
                try {
                    SegmentScanner scanner =
                            new SegmentScanner(current.segment, current.position, current.segment.tail(), scanBuffer());
                    over = false;
                    while (!over && bytes < budgetBytes) {
                        ScannedRecord record = scanner.next();
                        over = record == null;
                        bytes += record == null ? 0 : check(current, record);
                    }
                } finally {
                    current.segment.unpin();
                }
            }
            if (over) {
                checkUnseen(current);
            }
        } catch (SegmentDamagedException e) {
            reportAll(current.segment, e.getMessage());
            over = true;
        } catch (IOException e) {
            throw e instanceof ChunkException known ? known : disk.health().readFailed(e);
        }
        if (over) {
            lastSegment = current.segment.id();
            round = null;
        }
        counters.scrubbedBytes.add(bytes);
        return bytes;
    }

    private @Nullable Segment next() {
        return disk.segments().stream()
                .filter(segment -> segment.kind() == SegmentHeader.Kind.DATA && segment.id() > lastSegment)
                .filter(segment -> segment.phase() != Segment.Phase.FREE && segment.phase() != Segment.Phase.GONE)
                .min(Comparator.comparingLong(Segment::id))
                .orElse(null);
    }

    private long check(Round current, ScannedRecord record) throws ChunkException {
        current.position = record.end();
        if (!(record.header().content() instanceof RecordContent.Chunk chunk)
                || !isLive(chunk.key(), record.header().place())) {
            return 0;
        }
        current.seen.add(record.header().place().offset());
        if (!verifies(current.segment, record)) {
            reportIfLive(chunk.key(), record.header().place(), "doesn't verify");
        }
        return record.header().recordBytes();
    }

    private boolean verifies(Segment segment, ScannedRecord record) throws ChunkException {
        try {
            boolean good = SegmentScanner.verify(segment, record, dataBuffer());
            disk.health().readSucceeded();
            return good;
        } catch (IOException e) {
            ChunkException failure = disk.health().readFailed(e);
            if (!disk.health().isReadable()) {
                throw failure;
            }
            return false;
        }
    }

    private boolean isLive(ChunkKey key, RecordPlace place) throws ChunkException {
        ChunkEntry entry = chunks.lookup(key);
        return entry != null && entry.place().equals(place);
    }

    private void reportIfLive(ChunkKey key, RecordPlace place, String what) throws ChunkException {
        ChunkEntry entry = chunks.lookup(key);
        if (entry != null && entry.place().equals(place)) {
            chunks.reportCorrupt(key, entry, what);
        }
    }

    /** Records whose header is damaged: the index knows them, a rebuild of it wouldn't. */
    private void checkUnseen(Round current) throws IOException {
        if (current.seen.size() >= current.liveAtStart) {
            return;
        }
        for (Map.Entry<ChunkKey, RecordPlace> chunk : chunksIn(current.segment)) {
            RecordPlace place = chunk.getValue();
            if (place.generation() == current.generation
                    && place.offset() < current.position
                    && !current.seen.contains(place.offset())) {
                reportIfLive(chunk.getKey(), place, "has a damaged header");
            }
        }
    }

    private void reportAll(Segment segment, @Nullable String what) throws ChunkException {
        try {
            for (Map.Entry<ChunkKey, RecordPlace> chunk : chunksIn(segment)) {
                reportIfLive(chunk.getKey(), chunk.getValue(), String.valueOf(what));
            }
        } catch (IndexException e) {
            throw new ChunkException(ChunkError.DISK_FAILED, "the index of disk " + chunks.path() + " failed", e);
        }
    }

    private List<Map.Entry<ChunkKey, RecordPlace>> chunksIn(Segment segment) throws IndexException {
        List<Map.Entry<ChunkKey, RecordPlace>> found = new ArrayList<>();
        index.chunks(null, (key, entry) -> {
            if (entry.place().segment() == segment.id()) {
                found.add(Map.entry(key, entry.place()));
            }
            return true;
        });
        return found;
    }

    private ByteBuffer scanBuffer() {
        if (scanBuffer == null) {
            scanBuffer = SegmentScanner.newBuffer();
        }
        return scanBuffer;
    }

    private ByteBuffer dataBuffer() {
        if (dataBuffer == null) {
            dataBuffer = SegmentScanner.newBuffer();
        }
        return dataBuffer;
    }
}
