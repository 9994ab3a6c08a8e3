package io.coffer.dataserver.disk;

import io.coffer.common.io.StorageFile;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One segment file. Thread-safe.
 *
 * <p>Whoever reads or writes it pins it: while pinned, the file stays open and the generation stays. {@code pins} counts the pins;
 * {@link #EXCLUSIVE} says that somebody who found no pins closes or formats the file, holding the monitor meanwhile.
 *
 * <p>Space is handed out at the tail in {@link Region regions}. A region is unsettled until what became of it is in the index;
 * below the first unsettled one the index covers the segment.
 */
public final class Segment {
    private static final int EXCLUSIVE = -1;

    /** What a segment is used for at the moment. */
    public enum Phase {
        /** Formatted for nobody, in the free pool. */
        FREE,
        /** Taking records. */
        OPEN,
        /** Takes no more records. */
        FULL,
        /** Can't be read. */
        DAMAGED,
        /** Deleted. */
        GONE
    }

    private final SegmentFiles files;
    private final SegmentHeader.Kind kind;
    private final long id;
    private final long size;
    private final AtomicInteger pins = new AtomicInteger();

    private volatile @Nullable StorageFile file;
    private volatile boolean used;
    private volatile Phase phase;

    /** Null until the file was opened once. */
    private volatile @Nullable SegmentHeader header;

    private volatile long generation;
    private volatile long volume;
    private volatile int member;

    /** What follows is guarded by {@code tailLock}. */
    private final Object tailLock = new Object();

    private long tail = SegmentHeader.RECORDS_START;
    private @Nullable Region firstUnsettled;
    private @Nullable Region lastUnsettled;

    private Segment(SegmentFiles files, SegmentHeader.Kind kind, long id, long size, Phase phase) {
        this.files = files;
        this.kind = kind;
        this.id = id;
        this.size = size;
        this.phase = phase;
    }

    /** A segment that was just formatted. */
    static Segment formatted(SegmentFiles files, SegmentHeader header, Phase phase) {
        Segment segment = new Segment(files, header.kind(), header.id(), header.size(), phase);
        segment.become(header);
        return segment;
    }

    /** A full segment as the index knows it; its file is looked at when it is needed. */
    static Segment known(SegmentFiles files, SegmentEntry entry, Phase phase) {
        Segment segment = new Segment(files, entry.kind(), entry.id(), entry.size(), phase);
        segment.generation = entry.generation();
        segment.volume = entry.volume();
        segment.member = entry.member();
        segment.tail = entry.covered();
        return segment;
    }

    private void become(SegmentHeader formatted) {
        generation = formatted.generation();
        volume = formatted.volume();
        member = formatted.member();
        header = formatted;
    }

    /** Checks the header of the file that was opened for this segment. */
    void adopt(SegmentHeader found) throws SegmentDamagedException {
        if (found.generation() != generation || found.size() != size) {
            throw new SegmentDamagedException(
                    "%s has generation %d, not %d".formatted(SegmentFiles.path(id), found.generation(), generation));
        }
        header = found;
    }

    /**
     * Keeps the file open and the generation as it is until {@link #unpin}.
     *
     * @return false if the segment has another generation by now
     * @throws SegmentDamagedException if the file isn't this segment's
     */
    public boolean pin(long wantedGeneration) throws IOException {
        while (true) {
            int before = pins.get();
            if (before == EXCLUSIVE) {
                synchronized (this) {
                    if (phase == Phase.GONE) {
                        return false;
                    }
                }
            } else if (pins.compareAndSet(before, before + 1)) {
                break;
            }
        }
        boolean pinned = false;
        try {
            if (generation == wantedGeneration && phase != Phase.GONE) {
                opened();
                used = true;
                pinned = true;
            }
        } finally {
            if (!pinned) {
                unpin();
            }
        }
        return pinned;
    }

    /** Pins whatever generation there is; for those who know that nobody else formats it. */
    void pin() throws IOException {
        if (!pin(generation)) {
            throw new SegmentDamagedException(SegmentFiles.path(id) + " is gone");
        }
    }

    public void unpin() {
        pins.getAndDecrement();
    }

    private StorageFile opened() throws IOException {
        StorageFile known = file;
        return known != null ? known : openFirst();
    }

    private synchronized StorageFile openFirst() throws IOException {
        StorageFile known = file;
        if (known == null) {
            known = files.open(this);
            file = known;
        }
        return known;
    }

    /** Where other processes on this machine find the file; empty if they can't. */
    public String location() {
        return files.location(id);
    }

    /** The file; only while pinned. */
    public StorageFile file() {
        StorageFile open = file;
        if (open == null) {
            throw new IllegalStateException("segment " + id + " isn't pinned");
        }
        return open;
    }

    /** Closes the file if nobody pins it and nobody did since the last call. */
    boolean closeIfIdle() {
        if (used) {
            used = false;
            return false;
        }
        return phase != Phase.OPEN && exclusively(() -> {});
    }

    /** Formats the file with the next generation for a new use, unless somebody pins it. */
    boolean format(SegmentHeader next, Phase nextPhase, boolean allocate) throws IOException {
        IOException[] failure = new IOException[1];
        boolean done = exclusively(() -> {
            try (StorageFile own = files.open(this)) {
                files.forget(this);
                if (allocate) {
                    own.allocate(0, size);
                }
                writeHeader(own, next);
                become(next);
                phase = nextPhase;
                synchronized (tailLock) {
                    tail = SegmentHeader.RECORDS_START;
                }
            } catch (IOException e) {
                failure[0] = e;
            }
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return done;
    }

    /** Both copies, one after the other: at any moment one of them is whole. */
    static void writeHeader(StorageFile file, SegmentHeader header) throws IOException {
        ByteBuffer copy = header.encode();
        for (int number = 0; number < SegmentHeader.COPIES; number++) {
            file.write(copy.duplicate(), (long) number * SegmentHeader.BYTES);
            file.sync();
        }
    }

    /** Marks the segment as gone, unless somebody pins it; its file may be deleted then. */
    boolean retire() {
        return exclusively(() -> phase = Phase.GONE);
    }

    private synchronized boolean exclusively(Runnable action) {
        if (!pins.compareAndSet(0, EXCLUSIVE)) {
            return false;
        }
        try {
            StorageFile open = file;
            if (open != null) {
                file = null;
                closeQuietly(open);
            }
            action.run();
        } finally {
            pins.set(0);
        }
        return true;
    }

    private static void closeQuietly(StorageFile open) {
        try {
            open.close();
        } catch (IOException e) {
            // Everything acknowledged was synced before; there is nothing left to lose.
        }
    }

    /** Closes the file whoever uses it; at the end. */
    synchronized void closeForGood() {
        phase = Phase.GONE;
        StorageFile open = file;
        if (open != null) {
            closeQuietly(open);
        }
    }

    /**
     * Hands out the next bytes of an open segment, pinned.
     *
     * @return null if it hasn't so many left
     */
    @Nullable
    Region reserve(long length) throws IOException {
        pin();
        boolean reserved = false;
        try {
            synchronized (tailLock) {
                if (phase == Phase.OPEN && tail + length <= size) {
                    Region region = new Region(this, new RecordPlace(id, generation, tail), length, lastUnsettled);
                    if (firstUnsettled == null) {
                        firstUnsettled = region;
                    }
                    lastUnsettled = region;
                    tail += length;
                    reserved = true;
                    return region;
                }
            }
        } finally {
            if (!reserved) {
                unpin();
            }
        }
        return null;
    }

    /** The index knows what became of the region. */
    void settle(Region region) {
        synchronized (tailLock) {
            Region before = region.previous;
            Region after = region.next;
            if (before == null) {
                firstUnsettled = after;
            } else {
                before.next = after;
            }
            if (after == null) {
                lastUnsettled = before;
            } else {
                after.previous = before;
            }
        }
    }

    /** Nothing was written into the region that could be taken for a record: hands it out again if it was the last. */
    void giveBack(Region region) {
        synchronized (tailLock) {
            if (tail == region.place().offset() + region.length()) {
                tail = region.place().offset();
            }
            settle(region);
        }
    }

    /** No more records after those handed out already. */
    void close() {
        synchronized (tailLock) {
            if (phase == Phase.OPEN) {
                phase = Phase.FULL;
            }
        }
    }

    /** Takes records again, or doesn't. */
    void open(boolean open) {
        phase = open ? Phase.OPEN : Phase.FULL;
    }

    /** Continues behind what a scan found. */
    public void continueAt(long offset) {
        synchronized (tailLock) {
            tail = offset;
        }
    }

    /** Below this every record is in the index. */
    public long covered() {
        synchronized (tailLock) {
            return firstUnsettled == null ? tail : firstUnsettled.place().offset();
        }
    }

    /** Whether what became of every region is in the index. */
    public boolean isSettled() {
        synchronized (tailLock) {
            return firstUnsettled == null;
        }
    }

    /** Where the next record goes. */
    public long tail() {
        synchronized (tailLock) {
            return tail;
        }
    }

    public long id() {
        return id;
    }

    public SegmentHeader.Kind kind() {
        return kind;
    }

    public long size() {
        return size;
    }

    public long generation() {
        return generation;
    }

    /** 0 for none. */
    public long volume() {
        return volume;
    }

    public int member() {
        return member;
    }

    public Phase phase() {
        return phase;
    }

    /** The header; only while pinned. */
    public SegmentHeader header() {
        SegmentHeader known = header;
        if (known == null) {
            throw new IllegalStateException("segment " + id + " was never opened");
        }
        return known;
    }

    @Override
    public String toString() {
        return SegmentFiles.path(id);
    }
}
