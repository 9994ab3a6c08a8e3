package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkException;
import io.coffer.common.id.DiskId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.NoSpaceException;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.format.Limits;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All segments of one disk, and those that are free. Thread-safe. */
final class SegmentTable {
    private static final Logger LOG = LoggerFactory.getLogger(SegmentTable.class);
    private static final String UNFINISHED = ".new";

    private final FileSystem files;
    private final SegmentFiles open;
    private final DiskId disk;
    private final DiskHealth health;
    private final DiskSpace space;
    private final long marksBytes;
    private final RandomGenerator random;

    private final Map<Long, Segment> segments = new ConcurrentHashMap<>();
    private final AtomicLong nextId = new AtomicLong(1);

    /** Formatted for nobody and allocated in full; guarded by itself each. */
    private final ArrayDeque<Segment> freeData = new ArrayDeque<>();

    private final ArrayDeque<Segment> freeMarks = new ArrayDeque<>();

    SegmentTable(
            FileSystem files,
            SegmentFiles open,
            DiskId disk,
            DiskHealth health,
            DiskSpace space,
            long marksBytes,
            RandomGenerator random) {
        this.files = files;
        this.open = open;
        this.disk = disk;
        this.health = health;
        this.space = space;
        this.marksBytes = marksBytes;
        this.random = random;
    }

    /**
     * Finds the segments of the disk. What the index knows of full ones with something alive in them is believed, all others are looked at.
     *
     * @param known by id
     */
    void load(Map<Long, SegmentEntry> known, long nextKnownId, boolean readOnly) throws IOException {
        if (!readOnly) {
            files.createDirectories(SegmentFiles.DIRECTORY);
        }
        nextId.accumulateAndGet(nextKnownId, Math::max);
        for (String name : names(readOnly)) {
            if (name.endsWith(UNFINISHED) && !readOnly) {
                files.delete(SegmentFiles.DIRECTORY + "/" + name);
            }
            Long id = SegmentFiles.id(name).orElse(null);
            if (id != null) {
                nextId.accumulateAndGet(id + 1, Math::max);
                segments.put(id, load(id, known.get(id)));
            }
        }
        for (SegmentEntry entry : known.values()) {
            if (!segments.containsKey(entry.id()) && entry.liveRecords() > 0) {
                LOG.error("disk {}: segment {} is missing", files, SegmentFiles.path(entry.id()));
                segments.put(entry.id(), Segment.known(open, entry, Segment.Phase.DAMAGED));
            }
        }
    }

    private Iterable<String> names(boolean readOnly) throws IOException {
        try {
            return files.list(SegmentFiles.DIRECTORY);
        } catch (FileNotFoundException e) {
            if (readOnly) {
                return List.of();
            }
            throw e;
        }
    }

    private Segment load(long id, @Nullable SegmentEntry entry) throws IOException {
        if (entry != null && entry.full() && entry.liveRecords() > 0) {
            return Segment.known(open, entry, Segment.Phase.FULL);
        }
        try {
            SegmentHeader header = open.header(id);
            boolean free = header.kind() == SegmentHeader.Kind.DATA && header.volume() == 0;
            return Segment.formatted(open, header, free ? Segment.Phase.FREE : Segment.Phase.FULL);
        } catch (SegmentDamagedException e) {
            LOG.error("disk {}: {}", files, e.getMessage());
            SegmentEntry last = entry != null
                    ? entry
                    : new SegmentEntry(id, SegmentHeader.Kind.DATA, 0, 0, 0, 0, true, 0, 0, 0, 0, 0);
            return Segment.known(open, last, Segment.Phase.DAMAGED);
        }
    }

    /** Puts a segment that holds nothing into the pool without formatting it again: at start. */
    void pool(Segment segment) {
        ArrayDeque<Segment> pool = pool(segment.kind());
        synchronized (pool) {
            pool.add(segment);
        }
    }

    @Nullable
    Segment get(long id) {
        return segments.get(id);
    }

    Collection<Segment> all() {
        return segments.values();
    }

    long nextId() {
        return nextId.get();
    }

    int freeCount() {
        synchronized (freeData) {
            return freeData.size();
        }
    }

    long freeBytes() {
        synchronized (freeData) {
            return freeData.stream().mapToLong(Segment::size).sum();
        }
    }

    /**
     * A segment to write the chunks of a volume member into, from the pool or a new one.
     *
     * @param reclaiming whether it is to make room elsewhere, for which a part of the reserve may be used
     */
    Segment take(long volume, int member, long recordBytes, boolean reclaiming) throws ChunkException {
        if (reclaiming) {
            health.requireAppendable();
        } else {
            health.requireWritable();
        }
        long bytes = DiskOptions.segmentBytesFor(space.segmentBytes(), recordBytes);
        Segment free = bytes == space.segmentBytes() ? poll(freeData) : null;
        try {
            if (free == null) {
                space.requireRoom(bytes, reclaiming);
                return create(SegmentHeader.Kind.DATA, volume, member, bytes, Segment.Phase.OPEN);
            }
            return reuse(free, volume, member);
        } catch (IOException e) {
            throw e instanceof ChunkException known ? known : health.allocationFailed(e);
        }
    }

    /** A segment to write marks into; the reserve is there for it. */
    Segment takeMarks(long recordBytes) throws ChunkException {
        health.requireAppendable();
        long bytes = DiskOptions.segmentBytesFor(marksBytes, recordBytes);
        Segment free = bytes == marksBytes ? poll(freeMarks) : null;
        try {
            return free == null ? create(SegmentHeader.Kind.MARKS, 0, 0, bytes, Segment.Phase.OPEN) : reuse(free, 0, 0);
        } catch (IOException e) {
            throw health.allocationFailed(e);
        }
    }

    private Segment reuse(Segment free, long volume, int member) throws IOException {
        SegmentHeader next = nextHeader(free, volume, member);
        if (!free.format(next, Segment.Phase.OPEN, false)) {
            throw new IllegalStateException("a free segment is in use: " + free);
        }
        return free;
    }

    private SegmentHeader nextHeader(Segment segment, long volume, int member) {
        return new SegmentHeader(
                segment.kind(),
                segment.id(),
                segment.generation() + 1,
                random.nextLong(),
                segment.size(),
                disk,
                volume,
                member);
    }

    private static @Nullable Segment poll(ArrayDeque<Segment> pool) {
        synchronized (pool) {
            return pool.poll();
        }
    }

    private ArrayDeque<Segment> pool(SegmentHeader.Kind kind) {
        return kind == SegmentHeader.Kind.DATA ? freeData : freeMarks;
    }

    private Segment create(SegmentHeader.Kind kind, long volume, int member, long bytes, Segment.Phase phase)
            throws IOException {
        long id = nextId.getAndIncrement();
        SegmentHeader header = new SegmentHeader(kind, id, 1, random.nextLong(), bytes, disk, volume, member);
        String path = SegmentFiles.path(id);
        String unfinished = path + UNFINISHED;
        boolean done = false;
        try {
            try (StorageFile file = files.open(unfinished, OpenMode.CREATE_NEW)) {
                file.allocate(0, bytes);
                Segment.writeHeader(file, header);
            }
            files.rename(unfinished, path);
            files.syncDirectory(SegmentFiles.DIRECTORY);
            done = true;
        } finally {
            if (!done) {
                deleteQuietly(unfinished);
            }
        }
        Segment segment = Segment.formatted(open, header, phase);
        segments.put(id, segment);
        return segment;
    }

    private void deleteQuietly(String path) {
        try {
            if (files.exists(path)) {
                files.delete(path);
            }
        } catch (IOException e) {
            LOG.debug("disk {}: {} stays until the next start", files, path, e);
        }
    }

    /** Keeps one free segment of each kind ready, so that no writer waits for one, if there is room. */
    void prepare() throws ChunkException {
        try {
            prepareMarks();
            if (freeCount() == 0 && health.isAppendable() && space.hasRoom(space.segmentBytes())) {
                pool(create(SegmentHeader.Kind.DATA, 0, 0, space.segmentBytes(), Segment.Phase.FREE));
            }
        } catch (NoSpaceException e) {
            health.full("no space left"); // it is tried again
        } catch (IOException e) {
            throw e instanceof ChunkException known ? known : health.allocationFailed(e);
        }
    }

    private void prepareMarks() throws IOException {
        boolean missing;
        synchronized (freeMarks) {
            missing = freeMarks.isEmpty();
        }
        if (missing && health.isAppendable()) {
            pool(create(SegmentHeader.Kind.MARKS, 0, 0, marksBytes, Segment.Phase.FREE));
        }
    }

    /**
     * Takes back a full segment that nothing live is in, and that no durable part of the index names.
     *
     * @return whether it is free now; if not, somebody is still using it
     */
    boolean free(Segment segment) throws ChunkException {
        boolean data = segment.kind() == SegmentHeader.Kind.DATA;
        ArrayDeque<Segment> pool = pool(segment.kind());
        boolean keep;
        synchronized (pool) {
            keep = pool.size() < (data ? Limits.MAX_FREE_SEGMENTS : Limits.MAX_FREE_MARKS_SEGMENTS);
        }
        long usual = data ? space.segmentBytes() : marksBytes;
        try {
            boolean pooling = keep
                    && segment.phase() != Segment.Phase.DAMAGED
                    && segment.size() == usual
                    && (!data || space.hasRoom(segment.size()));
            return pooling ? formatForPool(segment) : delete(segment);
        } catch (IOException e) {
            throw e instanceof ChunkException known ? known : health.allocationFailed(e);
        }
    }

    private boolean formatForPool(Segment segment) throws IOException {
        try {
            boolean formatted = segment.format(nextHeader(segment, 0, 0), Segment.Phase.FREE, true);
            if (formatted) {
                pool(segment);
            }
            return formatted;
        } catch (NoSpaceException e) { // for the holes in it
            return delete(segment);
        }
    }

    /** Deletes the file. Its records can't come back: they were erased, or nothing marked them as deleted. */
    private boolean delete(Segment segment) throws IOException {
        if (!segment.retire()) {
            return false;
        }
        segments.remove(segment.id());
        open.forget(segment);
        try {
            files.delete(SegmentFiles.path(segment.id()));
        } catch (FileNotFoundException e) {
            LOG.debug("disk {}: {} was missing anyway", files, segment);
        }
        files.syncDirectory(SegmentFiles.DIRECTORY);
        return true;
    }

    void close() {
        for (Segment segment : segments.values()) {
            segment.closeForGood();
        }
    }
}
