package io.coffer.dataserver.chunk;

import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.disk.LocalDisk;
import io.coffer.dataserver.disk.Region;
import io.coffer.dataserver.disk.Segment;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.index.ChunkIndex;
import io.coffer.dataserver.index.IndexBatch;
import io.coffer.dataserver.index.IndexException;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One batch for the index in the making: changes of chunks, and what follows from them for the segments. Reads see the batch's own
 * changes. Used by one thread.
 */
final class IndexUpdate {
    private final ChunkIndex index;
    private final LocalDisk disk;
    private final SegmentUses uses;
    private final IndexBatch batch = new IndexBatch();
    private final Map<ChunkKey, Optional<ChunkEntry>> changed = new HashMap<>();
    private final Set<Long> touched = new LinkedHashSet<>();
    private long nextDead;
    private long appendedBytes;

    IndexUpdate(ChunkIndex index, LocalDisk disk, SegmentUses uses, long nextDead) {
        this.index = index;
        this.disk = disk;
        this.uses = uses;
        this.nextDead = nextDead;
    }

    @Nullable
    ChunkEntry current(ChunkKey key) throws IndexException {
        Optional<ChunkEntry> own = changed.get(key);
        return own == null ? index.get(key) : own.orElse(null);
    }

    /** A chunk that isn't in the index yet. */
    void put(ChunkKey key, ChunkEntry entry) {
        set(key, entry);
        RecordPlace place = entry.place();
        uses.change(place.segment(), place.generation(), use -> use.withLive(entry.recordBytes(), 1));
        touched.add(place.segment());
        appendedBytes += entry.recordBytes();
    }

    /** Another record of a chunk takes the place of the old one, which is dead then. */
    void replace(ChunkKey key, ChunkEntry old, ChunkEntry entry) {
        dies(old);
        put(key, entry);
    }

    void remove(ChunkKey key, ChunkEntry old) {
        dies(old);
        changed.put(key, Optional.empty());
        batch.delete(key);
    }

    /** The same record, known to be in another state. */
    void set(ChunkKey key, ChunkEntry entry) {
        changed.put(key, Optional.of(entry));
        batch.put(key, entry);
    }

    private void dies(ChunkEntry old) {
        RecordPlace place = old.place();
        if (exists(place)) {
            uses.change(place.segment(), place.generation(), use -> use.withLive(-old.recordBytes(), -1));
            dead(place, old.recordBytes());
        }
    }

    private boolean exists(RecordPlace place) {
        Segment segment = disk.segment(place.segment());
        return segment != null && segment.generation() == place.generation();
    }

    /** A record that nothing names, to be erased. */
    void dead(RecordPlace place, long recordBytes) {
        batch.put(new DeadRecord(nextDead, place, recordBytes));
        nextDead++;
        touched.add(place.segment());
    }

    /** A dead record was erased. */
    void erased(DeadRecord record) {
        batch.deleteDead(record.number());
    }

    /** So many bytes of a segment became holes. */
    void holes(long segment, long generation, long bytes) {
        uses.change(segment, generation, use -> use.withErased(bytes));
        touched.add(segment);
    }

    void epoch(VolumeId volume, long epoch) {
        batch.put(volume, epoch);
    }

    /** What became of the region is in this batch. */
    void settle(Region region) {
        region.settle();
        touched.add(region.place().segment());
    }

    void touch(long segment) {
        touched.add(segment);
    }

    /** The marks in a segment caused no more dead records than there are now. */
    void lastDead(long segment, long generation) {
        uses.change(segment, generation, use -> use.withLastDead(nextDead - 1));
        touched.add(segment);
    }

    void forgetSegment(long segment) {
        uses.forget(segment);
        touched.remove(segment);
        batch.deleteSegment(segment);
    }

    long nextDead() {
        return nextDead;
    }

    long appendedBytes() {
        return appendedBytes;
    }

    /** The batch, without what it means for segments and counters: that will be known at the end of a series. */
    IndexBatch finishWithoutSegments() {
        return batch;
    }

    /** The batch, with the segments and counters as they are now. */
    IndexBatch finish(boolean closed) {
        for (long id : touched) {
            Segment segment = disk.segment(id);
            if (segment == null || segment.phase() == Segment.Phase.GONE) {
                batch.deleteSegment(id);
            } else {
                batch.put(entry(segment));
            }
        }
        batch.put(new IndexCounters(closed, disk.nextSequence(), nextDead, disk.nextSegment(), disk.durableBefore()));
        return batch;
    }

    private SegmentEntry entry(Segment segment) {
        long generation = segment.generation();
        boolean full = segment.phase() == Segment.Phase.FULL && segment.isSettled();
        SegmentUse use = uses.of(segment.id(), generation);
        if (full && !use.complete()) {
            use = use.asComplete();
            uses.set(segment.id(), use);
        }
        return new SegmentEntry(
                segment.id(),
                segment.kind(),
                generation,
                segment.volume(),
                segment.member(),
                segment.size(),
                full,
                segment.covered(),
                use.liveBytes(),
                use.liveRecords(),
                use.erasedBytes(),
                use.lastDead());
    }
}
