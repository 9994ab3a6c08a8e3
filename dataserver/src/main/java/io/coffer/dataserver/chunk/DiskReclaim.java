package io.coffer.dataserver.chunk;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.ScannedRecord;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.disk.SegmentScanner;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentHeader;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Gives the space of dead records back, in small steps. See docs/formats/segment.md, "Space coming back". Used by one thread at a time.
 */
public final class DiskReclaim {
    /** A segment is compacted when less than this part of what it takes up is live ... */
    private static final double COMPACT_BELOW = 0.5;

    private static final double COMPACT_BELOW_WHEN_TIGHT = 0.8;

    /** ... or less than this part of its size, however little the rest takes up: it holds a file and an entry. */
    private static final double SPARSE_BELOW = 1.0 / 8;

    private final ChunkDisk chunks;
    private final ChunkReader reader;
    private final ChunkIndex index;
    private final LocalDisk disk;
    private final SegmentUses uses;
    private final IndexWriter indexWriter;
    private final ChunkCounters counters;

    /** Every dead record with a lower number is erased. */
    private long nextErase;

    private final Set<Long> trimmed = new HashSet<>();

    /** Segments with live records that couldn't be moved; tried again after the next start. */
    private final Set<RecordPlace> stuck = new HashSet<>();

    private @Nullable Compaction compaction;
    private @Nullable ByteBuffer scanBuffer;
    private @Nullable ByteBuffer moveBuffer;

    DiskReclaim(
            ChunkDisk chunks,
            ChunkReader reader,
            ChunkIndex index,
            LocalDisk disk,
            SegmentUses uses,
            IndexWriter indexWriter,
            ChunkCounters counters) {
        this.chunks = chunks;
        this.reader = reader;
        this.index = index;
        this.disk = disk;
        this.uses = uses;
        this.indexWriter = indexWriter;
        this.counters = counters;
        disk.segments().stream()
                .filter(segment -> segment.phase() == Segment.Phase.FULL)
                .forEach(segment -> trimmed.add(segment.id()));
    }

    /** A segment being emptied, and how far it is. */
    private static final class Compaction {
        private final Segment segment;
        private final long generation;
        private long position = SegmentHeader.RECORDS_START;

        Compaction(Segment segment) {
            this.segment = segment;
            this.generation = segment.generation();
        }
    }

    /** Erases the records that died first; returns how many. */
    public int eraseDead() throws ChunkException {
        if (!disk.health().isAppendable()) {
            return 0;
        }
        List<DeadRecord> records = new ArrayList<>();
        try {
            index.dead(nextErase, record -> {
                records.add(record);
                return records.size() < Limits.ERASE_BATCH;
            });
        } catch (IndexException e) {
            throw failed(e);
        }
        if (records.isEmpty()) {
            return 0;
        }
        indexWriter.submit(new IndexChange.Erased(records, erase(records)));
        nextErase = records.getLast().number() + 1;
        counters.erasedRecords.add(records.size());
        return records.size();
    }

    /** The holes made, by the place of one of the records in them. */
    private Map<RecordPlace, Long> erase(List<DeadRecord> records) throws ChunkException {
        Map<RecordPlace, List<DeadRecord>> bySegment = new LinkedHashMap<>();
        for (DeadRecord record : records) {
            RecordPlace place = record.place();
            RecordPlace start = new RecordPlace(place.segment(), place.generation(), 0);
            bySegment.computeIfAbsent(start, key -> new ArrayList<>()).add(record);
        }
        Map<RecordPlace, Long> holes = new HashMap<>();
        for (Map.Entry<RecordPlace, List<DeadRecord>> inSegment : bySegment.entrySet()) {
            Segment segment = disk.segment(inSegment.getKey().segment());
            long bytes = segment == null ? 0 : disk.erase(segment, inSegment.getValue());
            if (bytes > 0) {
                holes.put(inSegment.getKey(), bytes);
                counters.holeBytes.add(bytes);
            }
        }
        return holes;
    }

    private ChunkException failed(IndexException e) {
        return new ChunkException(ChunkError.DISK_FAILED, "the index of disk " + chunks.path() + " failed", e);
    }

    /** Frees the segments in which nothing is needed any more; returns how many. */
    public int freeSegments() throws ChunkException {
        if (!disk.health().isAppendable()) {
            return 0;
        }
        List<Segment> empty = disk.segments().stream().filter(this::isUnneeded).toList();
        if (empty.isEmpty()) {
            return 0;
        }
        indexWriter.submit(
                new IndexChange.ForgetSegments(empty.stream().map(Segment::id).toList()));
        indexWriter.await(true);
        int freed = 0;
        for (Segment segment : empty) {
            if (disk.free(segment)) {
                trimmed.remove(segment.id());
                freed++;
            }
        }
        counters.freedSegments.add(freed);
        return freed;
    }

    private boolean isUnneeded(Segment segment) {
        SegmentUse use = uses.of(segment.id(), segment.generation());
        return switch (segment.phase()) {
            case FREE, OPEN, GONE -> false;
            case DAMAGED -> segment.generation() > 0 && use.liveRecords() == 0;
            case FULL ->
                segment.isSettled()
                        && use.liveRecords() == 0
                        && (segment.kind() == SegmentHeader.Kind.DATA || use.lastDead() < nextErase);
        };
    }

    /** Gives back what is allocated behind the last record of segments that became full; returns the bytes. */
    public long trimFullSegments() throws ChunkException {
        long bytes = 0;
        for (Segment segment : disk.segments()) {
            if (disk.health().isAppendable()
                    && segment.phase() == Segment.Phase.FULL
                    && segment.kind() == SegmentHeader.Kind.DATA
                    && segment.isSettled()
                    && trimmed.add(segment.id())) {
                bytes += disk.trim(segment);
            }
        }
        return bytes;
    }

    /** Looks whether a full disk has room again, and keeps free segments ready. */
    public void checkSpace() throws ChunkException {
        disk.checkSpace();
        disk.prepare();
    }

    /** Moves live records out of the segment that wastes most, about so many bytes of them; returns how many. */
    public long compact(long budgetBytes) throws ChunkException {
        Compaction current = compaction;
        if (current == null || current.segment.generation() != current.generation) {
            current = disk.health().isAppendable() ? choose() : null;
            compaction = current;
        }
        if (current == null) {
            return 0;
        }
        Moves moves = new Moves(budgetBytes);
        boolean over;
        try {
            over = moveScanned(current, moves);
            if (over) {
                moves.await();
                indexWriter.await(false);
                if (isAlive(current)) {
                    moveUnseen(current, moves);
                }
            }
        } catch (IOException e) {
            throw e instanceof ChunkException known ? known : disk.health().readFailed(e);
        } finally {
            moves.await();
        }
        if (over) {
            indexWriter.await(false);
            if (isAlive(current)) {
                stuck.add(new RecordPlace(current.segment.id(), current.generation, 0));
            }
            compaction = null;
        }
        return moves.bytes;
    }

    private boolean isAlive(Compaction current) {
        return uses.of(current.segment.id(), current.generation).liveRecords() > 0;
    }

    private @Nullable Compaction choose() {
        Segment best = null;
        double bestLive = 1;
        for (Segment segment : disk.segments()) {
            boolean possible = segment.phase() == Segment.Phase.FULL
                    && segment.kind() == SegmentHeader.Kind.DATA
                    && segment.isSettled()
                    && !stuck.contains(new RecordPlace(segment.id(), segment.generation(), 0));
            if (possible) {
                double live = liveness(segment);
                if (live < bestLive) {
                    best = segment;
                    bestLive = live;
                }
            }
        }
        return best == null ? null : new Compaction(best);
    }

    /** The live part of the segment: what compacting it costs; 1 if it isn't worth that. */
    private double liveness(Segment segment) {
        SegmentUse use = uses.of(segment.id(), segment.generation());
        double taken = segment.tail() - SegmentHeader.RECORDS_START - use.erasedBytes();
        double live = use.liveBytes();
        if (live == 0 || taken <= 0) {
            return 1;
        }
        boolean wasteful = live / taken < (disk.isTight() ? COMPACT_BELOW_WHEN_TIGHT : COMPACT_BELOW);
        boolean sparse = live / segment.size() < SPARSE_BELOW;
        return wasteful || sparse ? live / segment.size() : 1;
    }

    /** Goes through the segment's records; returns whether it came to the end. */
    private boolean moveScanned(Compaction current, Moves moves) throws IOException {
        Segment segment = current.segment;
        if (!segment.pin(current.generation)) {
            return true;
        }
        try {
            SegmentScanner scanner = new SegmentScanner(segment, current.position, segment.tail(), scanBuffer());
            while (moves.bytes < moves.budget) {
                ScannedRecord record = scanner.next();
                if (record == null) {
                    return true;
                }
                current.position = record.end();
                if (record.header().content() instanceof RecordContent.Chunk chunk) {
                    moveIfLive(chunk.key(), record.header().place(), moves);
                }
            }
            return false;
        } finally {
            segment.unpin();
        }
    }

    /** Live records whose header is damaged are known to the index only. */
    private void moveUnseen(Compaction current, Moves moves) throws IOException {
        List<Map.Entry<ChunkKey, RecordPlace>> unseen = new ArrayList<>();
        index.chunks(null, (key, entry) -> {
            RecordPlace place = entry.place();
            if (place.segment() == current.segment.id() && place.generation() == current.generation) {
                unseen.add(Map.entry(key, place));
            }
            return true;
        });
        for (Map.Entry<ChunkKey, RecordPlace> chunk : unseen) {
            moveIfLive(chunk.getKey(), chunk.getValue(), moves);
        }
    }

    private void moveIfLive(ChunkKey key, RecordPlace place, Moves moves) throws IOException {
        ChunkEntry entry = chunks.lookup(key);
        if (entry != null && entry.place().equals(place) && entry.state() == ChunkEntry.State.LIVE) {
            ChunkWriter writer = chunks.move(key, entry);
            if (writer != null) {
                try (writer) {
                    copy(key, entry, writer, moves);
                }
            }
        }
    }

    private void copy(ChunkKey key, ChunkEntry entry, ChunkWriter writer, Moves moves) throws IOException {
        ByteBuffer buffer = moveBuffer();
        int[] table = null;
        long offset = 0;
        do {
            buffer.clear().limit((int) Math.min(buffer.capacity(), entry.length() - offset));
            ChunkReader.Outcome outcome = reader.read(key, new HotChunks.Hot(entry, table), offset, buffer, null);
            if (outcome.result() != ChunkReader.Result.DONE) {
                chunks.reportCorrupt(key, entry, "doesn't verify");
                return;
            }
            table = outcome.table();
            offset += buffer.position();
            writer.write(buffer.flip());
        } while (offset < entry.length());
        moves.add(writer.commit(table == null ? new int[0] : table), entry.length());
    }

    private ByteBuffer scanBuffer() {
        if (scanBuffer == null) {
            scanBuffer = SegmentScanner.newBuffer();
        }
        return scanBuffer;
    }

    private ByteBuffer moveBuffer() {
        if (moveBuffer == null) {
            moveBuffer = SegmentScanner.newBuffer();
        }
        return moveBuffer;
    }

    /** Copies under way in one step. */
    private static final class Moves {
        private final long budget;
        private final List<CompletableFuture<Void>> commits = new ArrayList<>();
        private long bytes;

        Moves(long budget) {
            this.budget = budget;
        }

        void add(CompletableFuture<Void> commit, long length) {
            commits.add(commit);
            bytes += Math.max(1, length);
        }

        void await() throws ChunkException {
            for (CompletableFuture<Void> commit : commits) {
                try {
                    commit.get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof ChunkException known
                            ? known
                            : new ChunkException(ChunkError.DISK_FAILED, "moving a chunk failed", e.getCause());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new ChunkException(ChunkError.UNAVAILABLE, "interrupted", e);
                }
            }
            commits.clear();
        }
    }
}
