package io.coffer.dataserver.chunk;

import io.coffer.common.id.VolumeId;
import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.ScannedRecord;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.disk.SegmentScanner;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.FormatException;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.Mark;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.format.SegmentHeader;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the index up to what is in the segments, before a disk is used. See docs/formats/segment.md, "Reading a segment back". Used by one
 * thread.
 *
 * <p>Two passes over what the index doesn't cover. The first reads headers and learns up to which commit everything was durable;
 * only records behind that may be torn, and only their data is read. The second brings the records into the index.
 */
final class Recovery {
    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private final LocalDisk disk;
    private final ChunkIndex index;
    private final IndexCounters counters;
    private final SegmentUses uses;
    private final boolean readOnly;
    private final boolean rebuild;
    private final ByteBuffer buffer = SegmentScanner.newBuffer();
    private final ByteBuffer scratch = SegmentScanner.newBuffer();

    private final Map<VolumeId, Long> epochs;
    private final Map<ChunkKey, Long> deletes = new HashMap<>();
    private final Set<RecordPlace> dead = new HashSet<>();
    private final List<Long> changedSegments = new ArrayList<>();

    private long durableBefore;
    private long maxSequence;
    private long torn;
    private long rotten;
    private long records;
    private long nextDead;
    private IndexUpdate update;
    private int inUpdate;

    /** @param found the index's counters; empty if it is new and has to be built from all segments */
    Recovery(LocalDisk disk, ChunkIndex index, Optional<IndexCounters> found, SegmentUses uses) throws IndexException {
        this.disk = disk;
        this.index = index;
        this.counters = found.orElse(IndexCounters.START);
        this.uses = uses;
        this.readOnly = disk.directory().readOnly();
        this.rebuild = found.isEmpty();
        this.epochs = new HashMap<>(index.epochs());
        this.durableBefore = counters.durableBefore();
        this.maxSequence = counters.nextSequence() - 1;
        this.nextDead = counters.nextDead();
        this.update = new IndexUpdate(index, disk, uses, nextDead);
    }

    /** What the disk continues with. */
    record Outcome(long nextDead, Map<VolumeId, Long> epochs) {}

    /** A segment and where the index's knowledge of it ends. */
    private record Tail(Segment segment, long from) {}

    Outcome run(Map<Long, SegmentEntry> known) throws IOException {
        List<Tail> tails = new ArrayList<>();
        List<Segment> complete = new ArrayList<>();
        for (Segment segment : disk.segments()) {
            Tail tail = tail(segment, known.get(segment.id()));
            if (tail == null) {
                complete.add(segment);
            } else {
                tails.add(tail);
            }
        }
        // Marks first, so that no deleted chunk is taken up; older segments before newer ones only for the log's sake.
        tails.sort(Comparator.comparing((Tail tail) -> tail.segment.kind())
                .reversed()
                .thenComparingLong(tail -> tail.segment.id()));
        readHeaders(tails);
        loadDead(tails);
        update = new IndexUpdate(index, disk, uses, nextDead);
        for (SegmentEntry entry : known.values()) {
            Segment segment = disk.segment(entry.id());
            if (segment == null || segment.phase() == Segment.Phase.FREE) {
                update.forgetSegment(entry.id());
            }
        }
        for (Tail tail : tails) {
            scan(tail);
        }
        applyDeletes();
        finish(tails, complete);
        return new Outcome(update.nextDead(), epochs);
    }

    /** What must be scanned of a segment, or null if nothing. */
    private @Nullable Tail tail(Segment segment, @Nullable SegmentEntry entry) {
        boolean scannable = segment.phase() == Segment.Phase.OPEN || segment.phase() == Segment.Phase.FULL;
        if (entry == null || entry.generation() != segment.generation()) {
            if (!scannable) {
                return null;
            }
            uses.set(segment.id(), SegmentUse.none(segment.generation()));
            return new Tail(segment, SegmentHeader.RECORDS_START);
        }
        uses.set(segment.id(), SegmentUse.of(entry));
        segment.continueAt(entry.covered());
        return !scannable || entry.full() || counters.closed() ? null : new Tail(segment, entry.covered());
    }

    private void readHeaders(List<Tail> tails) throws IOException {
        for (Tail tail : tails) {
            visit(tail, record -> {
                durableBefore = Math.max(durableBefore, record.header().durableBefore());
                maxSequence = Math.max(maxSequence, record.header().sequence());
                if (record.header().content() instanceof RecordContent.Chunk chunk) {
                    maxSequence = Math.max(maxSequence, chunk.version());
                }
            });
        }
    }

    /** Dead records that aren't erased yet must not be taken up again. */
    private void loadDead(List<Tail> tails) throws IndexException {
        Set<Long> scanned = new HashSet<>();
        tails.forEach(tail -> scanned.add(tail.segment.id()));
        index.dead(0, record -> {
            nextDead = Math.max(nextDead, record.number() + 1);
            if (scanned.contains(record.place().segment())) {
                dead.add(record.place());
            }
            return true;
        });
    }

    private interface Visitor {
        void visit(ScannedRecord record) throws IOException;
    }

    /** All records of the tail; returns where the last one ends. */
    private long visit(Tail tail, Visitor visitor) throws IOException {
        Segment segment = tail.segment;
        long end = tail.from;
        if (!segment.pin(segment.generation())) {
            return end;
        }
        try {
            SegmentScanner scanner = new SegmentScanner(segment, tail.from, segment.size(), buffer);
            for (ScannedRecord record = scanner.next(); record != null; record = scanner.next()) {
                visitor.visit(record);
                end = record.end();
            }
        } finally {
            segment.unpin();
        }
        return end;
    }

    private void scan(Tail tail) throws IOException {
        long before = records;
        long end = visit(tail, record -> {
            records++;
            take(tail.segment, record);
        });
        tail.segment.continueAt(end);
        if (records > before) {
            changedSegments.add(tail.segment.id());
            update.touch(tail.segment.id());
        }
    }

    private void take(Segment segment, ScannedRecord record) throws IOException {
        RecordHeader header = record.header();
        if (dead.contains(header.place())) {
            return;
        }
        boolean mayBeTorn = header.sequence() > durableBefore;
        boolean verify = mayBeTorn || header.content() instanceof RecordContent.Marks;
        boolean whole = verify ? SegmentScanner.verify(segment, record, scratch) : record.checksums() != null;
        if (!whole && mayBeTorn) {
            torn++;
            LOG.info("the record at {} was never acknowledged and is incomplete", header.place());
            update.dead(header.place(), header.recordBytes());
            applyNowAndThen();
            return;
        }
        if (!whole) {
            rotten++;
            LOG.error("disk {}: the record at {} is damaged", disk.directory().path(), header.place());
        }
        switch (header.content()) {
            case RecordContent.Chunk chunk -> takeChunk(segment, record, chunk, whole);
            case RecordContent.Marks() -> takeMarks(segment, record, whole);
        }
        applyNowAndThen();
    }

    private void takeChunk(Segment segment, ScannedRecord record, RecordContent.Chunk chunk, boolean whole)
            throws IOException {
        epochs.merge(chunk.key().volume(), chunk.volumeEpoch(), Math::max);
        int[] checksums = record.checksums();
        ChunkEntry entry = ChunkEntry.of(
                record.header(),
                chunk,
                whole ? ChunkEntry.State.LIVE : ChunkEntry.State.CORRUPT,
                checksums == null ? new int[0] : checksums);
        ChunkEntry current = update.current(chunk.key());
        if (current != null && current.place().equals(entry.place())) {
            return;
        }
        Long deleted = deletes.get(chunk.key());
        if (deleted != null && deleted >= chunk.version()) {
            update.dead(entry.place(), entry.recordBytes());
        } else if (current == null) {
            update.put(chunk.key(), entry);
        } else if (isBetter(segment, record, entry, current)) {
            update.replace(chunk.key(), current, entry);
        } else {
            update.dead(entry.place(), entry.recordBytes());
        }
    }

    /**
     * Of two records of a chunk the higher version counts. Of the same version, the chunk was being moved: what the index doesn't know yet is the
     * newer place, and the older one may be erased already. The newer one counts if it is whole, or the older one is lost anyway.
     */
    private boolean isBetter(Segment segment, ScannedRecord record, ChunkEntry found, ChunkEntry current)
            throws IOException {
        if (found.version() != current.version()) {
            return found.version() > current.version();
        }
        Segment other = disk.segment(current.place().segment());
        boolean reachable = other != null
                && other.phase() != Segment.Phase.DAMAGED
                && other.generation() == current.place().generation();
        return !reachable || SegmentScanner.verify(segment, record, scratch);
    }

    private void takeMarks(Segment segment, ScannedRecord record, boolean whole) throws IOException {
        if (!whole) {
            return; // chunks deleted by it may come back, and are found when the disk is compared with the metadata
        }
        for (Mark mark : marks(segment.file(), record)) {
            switch (mark) {
                case Mark.Delete(ChunkKey key, long version) -> deletes.merge(key, version, Math::max);
                case Mark.Epoch(VolumeId volume, long epoch) -> epochs.merge(volume, epoch, Math::max);
            }
        }
    }

    private static List<Mark> marks(StorageFile file, ScannedRecord record) throws IOException {
        ByteBuffer data = ByteBuffer.allocate((int) record.header().length());
        file.readFully(data, record.header().place().offset() + record.header().dataOffset());
        try {
            return Mark.decode(data.flip());
        } catch (FormatException e) {
            LOG.error("marks at {} are damaged: {}", record.header().place(), e.getMessage());
            return List.of();
        }
    }

    /** Deletes of chunks that the index knew already. */
    private void applyDeletes() throws IndexException {
        for (Map.Entry<ChunkKey, Long> delete : deletes.entrySet()) {
            ChunkEntry current = update.current(delete.getKey());
            if (current != null && current.version() <= delete.getValue()) {
                update.remove(delete.getKey(), current);
                applyNowAndThen();
            }
        }
    }

    /**
     * A tail becomes one batch, so that a crash meanwhile leaves nothing counted twice. A rebuild doesn't fit into one; until it has ended, the
     * index has no counters, and the next start begins again.
     */
    private void applyNowAndThen() throws IndexException {
        inUpdate++;
        if (rebuild && inUpdate >= Limits.MAX_INDEX_BATCH) {
            index.apply(update.finishWithoutSegments());
            update = new IndexUpdate(index, disk, uses, update.nextDead());
            inUpdate = 0;
        }
    }

    private void finish(List<Tail> tails, List<Segment> complete) throws IOException {
        for (Tail tail : tails) {
            Segment segment = tail.segment;
            if (!readOnly) {
                disk.sync(segment);
                disk.reopen(segment);
            }
            update.touch(segment.id());
        }
        if (!readOnly) {
            complete.stream().filter(this::isUnfinished).forEach(disk::reopen);
        }
        for (Segment segment : disk.segments()) {
            if (segment.kind() == SegmentHeader.Kind.MARKS && segment.phase() == Segment.Phase.FULL) {
                update.lastDead(segment.id(), segment.generation());
            }
        }
        epochs.forEach(update::epoch);
        disk.continueAt(maxSequence + 1);
        index.apply(update.finish(false));
        index.flush();
        if (records > 0 || torn > 0 || rotten > 0) {
            LOG.info(
                    "disk {}: {} records in {} segments brought into the index, {} incomplete, {} damaged",
                    disk.directory().path(),
                    records,
                    changedSegments.size(),
                    torn,
                    rotten);
        }
    }

    private boolean isUnfinished(Segment segment) {
        return segment.phase() == Segment.Phase.FREE
                || segment.phase() == Segment.Phase.FULL
                        && !uses.of(segment.id(), segment.generation()).complete();
    }
}
