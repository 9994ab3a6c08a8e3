package io.coffer.metaserver.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parts of an assembled object, packed: uploads consist of a few groups of parts with consecutive numbers and one size,
 * so that ten thousand parts take a few bytes, and a part is found by binary search over the groups.
 */
public final class PartLayout {
    private final List<Group> groups;

    /** Of each group: the offset of its first byte, and the position of its first part. */
    private final long[] offsets;

    private final int[] positions;
    private final long size;
    private final int count;

    /** Parts with consecutive numbers from {@code firstNumber} on, each of {@code size} bytes. */
    public record Group(int firstNumber, int count, long size) {
        public Group {
            if (firstNumber < 1 || count < 1 || size < 0) {
                throw new IllegalArgumentException(count + " parts of " + size + " bytes from " + firstNumber);
            }
        }
    }

    /** A part's place in the whole. */
    public record Placed(int number, long offset, long size) {}

    public PartLayout(List<Group> groups) {
        this.groups = List.copyOf(groups);
        offsets = new long[groups.size()];
        positions = new int[groups.size()];
        long end = 0;
        int parts = 0;
        int last = 0;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            if (group.firstNumber() <= last) {
                throw new IllegalArgumentException("parts out of order");
            }
            last = group.firstNumber() + group.count() - 1;
            offsets[i] = end;
            positions[i] = parts;
            end += group.size() * group.count();
            parts += group.count();
        }
        size = end;
        count = parts;
    }

    /** Collects parts in ascending order of number. */
    public static final class Builder {
        private final List<Group> groups = new ArrayList<>();

        public void add(int number, long size) {
            if (!groups.isEmpty()) {
                Group last = groups.getLast();
                if (last.size() == size && last.firstNumber() + last.count() == number) {
                    groups.set(groups.size() - 1, new Group(last.firstNumber(), last.count() + 1, size));
                    return;
                }
            }
            groups.add(new Group(number, 1, size));
        }

        public PartLayout build() {
            return new PartLayout(groups);
        }
    }

    public List<Group> groups() {
        return groups;
    }

    /** Bytes of all parts. */
    public long size() {
        return size;
    }

    /** Number of parts. */
    public int count() {
        return count;
    }

    /** The part with a number. */
    public Optional<Placed> byNumber(int number) {
        int low = 0;
        int high = groups.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Group group = groups.get(middle);
            if (number < group.firstNumber()) {
                high = middle - 1;
            } else if (number >= group.firstNumber() + group.count()) {
                low = middle + 1;
            } else {
                int skipped = number - group.firstNumber();
                return Optional.of(new Placed(number, offsets[middle] + skipped * group.size(), group.size()));
            }
        }
        return Optional.empty();
    }

    /** The part that holds the byte at {@code offset}, which must be less than {@link #size}. */
    public Placed at(long offset) {
        if (offset < 0 || offset >= size) {
            throw new IllegalArgumentException("offset " + offset + " of " + size);
        }
        int low = 0;
        int high = groups.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (offsets[middle] <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        Group group = groups.get(low);
        int skipped = (int) ((offset - offsets[low]) / group.size());
        return new Placed(group.firstNumber() + skipped, offsets[low] + skipped * group.size(), group.size());
    }

    /** How many parts have a number of at most {@code number}. */
    public int countUpTo(int number) {
        int parts = 0;
        for (int i = 0; i < groups.size(); i++) {
            Group group = groups.get(i);
            if (group.firstNumber() > number) {
                break;
            }
            parts = positions[i] + Math.min(group.count(), number - group.firstNumber() + 1);
        }
        return parts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PartLayout layout && groups.equals(layout.groups);
    }

    @Override
    public int hashCode() {
        return groups.hashCode();
    }

    @Override
    public String toString() {
        return groups.toString();
    }
}
