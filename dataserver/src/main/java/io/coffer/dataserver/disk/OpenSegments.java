package io.coffer.dataserver.disk;

import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.format.Limits;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The segment that each volume member's records go into at the moment. Thread-safe. */
final class OpenSegments {
    private final SegmentTable table;
    private final DiskHealth health;
    private final int maxOpen;
    private final Map<Stream, Slot> slots = new ConcurrentHashMap<>();
    private final AtomicLong clock = new AtomicLong();

    OpenSegments(SegmentTable table, DiskHealth health) {
        this(table, health, Limits.MAX_OPEN_SEGMENTS);
    }

    OpenSegments(SegmentTable table, DiskHealth health, int maxOpen) {
        this.table = table;
        this.health = health;
        this.maxOpen = maxOpen;
    }

    private record Stream(long volume, int member) {}

    private static final class Slot {
        private final ReentrantLock lock = new ReentrantLock();

        /** Guarded by the lock. */
        private @Nullable Segment segment;

        /** Taken out of the map; guarded by the lock. */
        private boolean removed;

        private volatile long lastUse;
    }

    /** Room for one record of a volume member. */
    Region reserve(long volume, int member, long recordBytes, boolean reclaiming) throws ChunkException {
        Stream stream = new Stream(volume, member);
        while (true) {
            Slot slot = slots.computeIfAbsent(stream, key -> new Slot());
            slot.lastUse = clock.incrementAndGet();
            Region region = reserveIn(slot, stream, recordBytes, reclaiming);
            if (region != null) {
                return region;
            }
        }
    }

    private @Nullable Region reserveIn(Slot slot, Stream stream, long recordBytes, boolean reclaiming)
            throws ChunkException {
        slot.lock.lock();
        try {
            if (slot.removed) {
                return null;
            }
            Segment current = slot.segment;
            if (current == null) {
                closeIdlest(slot);
                current = table.take(stream.volume, stream.member, recordBytes, reclaiming);
                slot.segment = current;
            }
            Region region = reserve(current, recordBytes);
            if (region == null) {
                Segment next = table.take(stream.volume, stream.member, recordBytes, reclaiming);
                current.close();
                slot.segment = next;
                region = reserve(next, recordBytes);
            }
            return region;
        } finally {
            slot.lock.unlock();
        }
    }

    private @Nullable Region reserve(Segment segment, long recordBytes) throws ChunkException {
        try {
            return segment.reserve(recordBytes);
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    /** Closes the segment that was written to least recently, if too many are open. */
    private void closeIdlest(Slot wanted) {
        if (slots.size() <= maxOpen) {
            return;
        }
        slots.entrySet().stream()
                .filter(entry -> entry.getValue() != wanted)
                .min(Comparator.comparingLong(entry -> entry.getValue().lastUse))
                .ifPresent(entry -> close(entry.getKey(), entry.getValue()));
    }

    private void close(Stream stream, Slot slot) {
        // Not waiting for it: two threads might wait for each other, and a slot in use isn't idle anyway.
        if (slot.lock.tryLock()) {
            try {
                slot.removed = true;
                slots.remove(stream, slot);
                if (slot.segment != null) {
                    slot.segment.close();
                }
            } finally {
                slot.lock.unlock();
            }
        }
    }

    /** Continues with a segment that a start found open; there must be no other of its volume member yet. */
    boolean adopt(Segment segment) {
        Slot slot = new Slot();
        slot.segment = segment;
        return slots.size() < maxOpen
                && slots.putIfAbsent(new Stream(segment.volume(), segment.member()), slot) == null;
    }

    /** Bytes that are allocated and not yet written. */
    long unwrittenBytes() {
        long bytes = 0;
        for (Slot slot : slots.values()) {
            Segment segment = slot.segment; // a figure for people: an old one is good enough
            bytes += segment == null ? 0 : segment.size() - segment.tail();
        }
        return bytes;
    }
}
