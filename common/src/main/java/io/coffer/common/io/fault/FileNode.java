package io.coffer.common.io.fault;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The bytes of a simulated file: what programs read, what is durable, and every state each sector had in between.
 *
 * <p>A write goes to sectors, any of which may reach the disk at any time and in any order before the next sync: a crash
 * picks one state per sector. Truncating, allocating and punching are journalled changes of the file as a whole: they
 * persist in order, and a write made after one that touched its sector reaches the disk only if that one did.
 *
 * <p>Sector contents are immutable arrays, shared between the states; a missing one is zeros. Guarded by the owning file
 * system.
 */
final class FileNode implements Node {
    /** No journalled change: the state comes from a write. */
    private static final int WRITTEN = 0;

    /** What a sector that holds nothing is. */
    private static final byte[] ZEROS = {};

    /**
     * A state of a sector since the last sync.
     *
     * @param journalled the number of the journalled change that made it, counted from 1; {@link #WRITTEN} for a write
     * @param content of a write, all of it
     * @param keptBytes of a journalled change: it made the rest of the sector zeros
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record SectorState(int journalled, byte[] content, int keptBytes) {
        byte[] after(byte[] before) {
            if (journalled == WRITTEN) {
                return content;
            }
            if (keptBytes == 0 || before.length == 0) {
                return ZEROS;
            }
            byte[] cut = before.clone();
            Arrays.fill(cut, keptBytes, cut.length, (byte) 0);
            return cut;
        }
    }

    private record SizeState(int journalled, long size) {}

    private final int sectorBytes;
    private final Map<Long, byte[]> current = new HashMap<>();
    private final Map<Long, byte[]> durable = new HashMap<>();
    private final Map<Long, List<SectorState>> unsynced = new HashMap<>();
    private final List<SizeState> unsyncedSizes = new ArrayList<>();
    private final BitSet allocated = new BitSet();
    private int journalled;
    private long size;
    private long durableSize;
    private boolean linked = true;

    FileNode(int sectorBytes) {
        this.sectorBytes = sectorBytes;
    }

    /** Whether it still has a name, and so counts as used space. */
    boolean isLinked() {
        return linked;
    }

    void unlink() {
        linked = false;
    }

    long size() {
        return size;
    }

    int allocatedSectors() {
        return allocated.cardinality();
    }

    /** How many sectors a write or an allocation of the range would take from the disk. */
    int missingSectors(long position, long length) {
        if (length == 0) {
            return 0;
        }
        int from = Math.toIntExact(position / sectorBytes);
        int to = Math.toIntExact(Math.ceilDiv(position + length, (long) sectorBytes));
        return to - from - allocated.get(from, to).cardinality();
    }

    int read(ByteBuffer target, long position) {
        int count = (int) Math.min(target.remaining(), size - position);
        if (count <= 0) {
            return target.hasRemaining() ? -1 : 0;
        }
        for (int done = 0; done < count; ) {
            long at = position + done;
            int offset = (int) (at % sectorBytes);
            int step = Math.min(sectorBytes - offset, count - done);
            byte[] sector = current.getOrDefault(at / sectorBytes, ZEROS);
            target.put(sector.length == 0 ? new byte[step] : Arrays.copyOfRange(sector, offset, offset + step));
            done += step;
        }
        return count;
    }

    void write(ByteBuffer source, long position) {
        long at = position;
        while (source.hasRemaining()) {
            long number = at / sectorBytes;
            int offset = (int) (at % sectorBytes);
            int step = Math.min(sectorBytes - offset, source.remaining());
            byte[] sector = sectorCopy(number);
            source.get(sector, offset, step);
            writeSector(number, sector);
            allocated.set(Math.toIntExact(number));
            at += step;
        }
        if (at > size && at > position) {
            setSize(at, WRITTEN);
        }
    }

    void truncate(long newSize) {
        journalled++;
        long kept = Math.ceilDiv(newSize, (long) sectorBytes);
        if (newSize % sectorBytes != 0) {
            cutSector(kept - 1, (int) (newSize % sectorBytes));
        }
        for (long number : sectorsFrom(kept)) {
            cutSector(number, 0);
        }
        allocated.clear(Math.toIntExact(kept), Math.max(Math.toIntExact(kept), allocated.length()));
        setSize(newSize, journalled);
    }

    void allocate(long position, long length) {
        journalled++;
        long end = position + length;
        allocated.set(Math.toIntExact(position / sectorBytes), Math.toIntExact(Math.ceilDiv(end, (long) sectorBytes)));
        if (end > size) {
            setSize(end, journalled);
        }
    }

    void punchHole(long position, long length) {
        journalled++;
        long end = position + Math.min(length, Math.max(0, size - position));
        if (end <= position) {
            return;
        }
        long first = Math.ceilDiv(position, (long) sectorBytes);
        long last = end == size ? Math.ceilDiv(end, (long) sectorBytes) : end / sectorBytes;
        if (first >= last) {
            zero(position, end);
            return;
        }
        zero(position, first * sectorBytes);
        zero(Math.max(position, last * sectorBytes), end);
        for (long number = first; number < last; number++) {
            cutSector(number, 0);
        }
        allocated.clear(Math.toIntExact(first), Math.toIntExact(last));
    }

    /** Writes zeros, where there is anything else. */
    private void zero(long from, long to) {
        for (long at = from; at < to; ) {
            long number = at / sectorBytes;
            long end = Math.min(to, (number + 1) * sectorBytes);
            if (current.containsKey(number)) {
                byte[] sector = sectorCopy(number);
                Arrays.fill(sector, (int) (at % sectorBytes), (int) (end - number * sectorBytes), (byte) 0);
                writeSector(number, sector);
            }
            at = end;
        }
    }

    private byte[] sectorCopy(long number) {
        byte[] sector = current.getOrDefault(number, ZEROS);
        return sector.length == 0 ? new byte[sectorBytes] : sector.clone();
    }

    private void writeSector(long number, byte[] content) {
        change(number, new SectorState(WRITTEN, content, sectorBytes));
    }

    private void cutSector(long number, int keptBytes) {
        if (current.containsKey(number) || unsynced.containsKey(number)) {
            change(number, new SectorState(journalled, ZEROS, keptBytes));
        }
    }

    private void change(long number, SectorState state) {
        put(current, number, state.after(current.getOrDefault(number, ZEROS)));
        unsynced.computeIfAbsent(number, n -> new ArrayList<>()).add(state);
    }

    private void setSize(long newSize, int by) {
        size = newSize;
        unsyncedSizes.add(new SizeState(by, newSize));
    }

    private List<Long> sectorsFrom(long first) {
        return current.keySet().stream().filter(number -> number >= first).toList();
    }

    void sync() {
        unsynced.forEach((number, states) -> {
            byte[] content = durable.getOrDefault(number, ZEROS);
            for (SectorState state : states) {
                content = state.after(content);
            }
            put(durable, number, content);
        });
        unsynced.clear();
        durableSize = size;
        unsyncedSizes.clear();
        journalled = 0;
    }

    /** As a failed write-back leaves it: the pages are clean, the disk has the old ones. The journal goes on. */
    void discardUnsynced() {
        unsynced.values().forEach(states -> states.removeIf(state -> state.journalled == WRITTEN));
        unsynced.values().removeIf(List::isEmpty);
    }

    void crash(Survival survival) {
        int persisted =
                survival.choose(IntStream.rangeClosed(0, journalled).boxed().toList());
        unsynced.forEach((number, states) -> {
            List<byte[]> possible = possible(durable.getOrDefault(number, ZEROS), states, persisted);
            put(durable, number, survival.choose(possible));
        });
        durableSize = survival.choose(possibleSizes(persisted));
        unsynced.clear();
        unsyncedSizes.clear();
        journalled = 0;
        current.clear();
        current.putAll(durable);
        size = durableSize;
        linked = true;
        cutBehindSize();
    }

    /** What a sector may hold on the disk when exactly the first {@code persisted} journalled changes got there. */
    private static List<byte[]> possible(byte[] synced, List<SectorState> states, int persisted) {
        List<byte[]> possible = new ArrayList<>(List.of(synced));
        for (SectorState state : states) {
            if (state.journalled > persisted) {
                break;
            }
            if (state.journalled == WRITTEN) {
                possible.add(state.content);
            } else {
                possible.replaceAll(state::after);
            }
        }
        return possible;
    }

    private List<Long> possibleSizes(int persisted) {
        List<Long> possible = new ArrayList<>(List.of(durableSize));
        for (SizeState state : unsyncedSizes) {
            if (state.journalled > persisted) {
                break;
            }
            if (state.journalled != WRITTEN) {
                possible.clear();
            }
            possible.add(state.size);
        }
        return possible;
    }

    /** Sectors may have got to the disk without the size that shows them; they are no part of the file then. */
    private void cutBehindSize() {
        long kept = Math.ceilDiv(size, (long) sectorBytes);
        current.keySet().removeIf(number -> number >= kept);
        if (size % sectorBytes != 0 && current.containsKey(kept - 1)) {
            byte[] last = sectorCopy(kept - 1);
            Arrays.fill(last, (int) (size % sectorBytes), sectorBytes, (byte) 0);
            current.put(kept - 1, last);
        }
        durable.clear();
        durable.putAll(current);
        allocated.clear(Math.toIntExact(kept), Math.max(Math.toIntExact(kept), allocated.length()));
        current.keySet().forEach(number -> allocated.set(Math.toIntExact(number)));
    }

    private static void put(Map<Long, byte[]> sectors, long number, byte[] content) {
        if (content.length == 0) {
            sectors.remove(number);
        } else {
            sectors.put(number, content);
        }
    }
}
