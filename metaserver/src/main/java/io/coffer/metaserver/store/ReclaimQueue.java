package io.coffer.metaserver.store;

import io.coffer.common.metadata.ExtentSlice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the reclaim queue from its heads. Rows leave it in the order in which they come due, and RocksDB steps over every row that
 * is gone until it compacts them away: a search from the very beginning would take longer with each.
 *
 * <p>Invariants: nothing is due before its part's head. A row is due at the moment of its command or later, the group's clock never
 * goes back, and a head never passes the moment of the command that moves it; so a head only rises.
 */
public final class ReclaimQueue {
    private ReclaimQueue() {}

    /** The rows of {@link Tables#DUE_RELEASES} that are due, oldest first. */
    public static List<byte[]> releases(Reader reader, long nowMillis, int limit) {
        List<byte[]> due = new ArrayList<>();
        try (Rows<Boolean> rows = releases(reader, nowMillis)) {
            for (; rows.valid() && due.size() < limit; rows.next()) {
                due.add(rows.key());
            }
        }
        return due;
    }

    /** The extents that are due, oldest first. */
    public static List<ExtentSlice> extents(Reader reader, long nowMillis, int limit) {
        List<ExtentSlice> due = new ArrayList<>();
        try (Rows<ExtentSlice> rows = extents(reader, nowMillis)) {
            for (; rows.valid() && due.size() < limit; rows.next()) {
                due.add(rows.value());
            }
        }
        return due;
    }

    /** Moves the head to the first release, whose row is returned if it is due. */
    public static byte @Nullable [] moveReleases(Transaction tx, long nowMillis) {
        byte[] first;
        try (Rows<Boolean> rows = releases(tx, nowMillis)) {
            first = rows.valid() ? rows.key() : null;
        }
        move(tx, Tables.RELEASES_HEAD, first, nowMillis);
        return first;
    }

    /** Moves the head to the first extent. */
    public static void moveExtents(Transaction tx, long nowMillis) {
        byte[] first;
        try (Rows<ExtentSlice> rows = extents(tx, nowMillis)) {
            first = rows.valid() ? rows.key() : null;
        }
        move(tx, Tables.EXTENTS_HEAD, first, nowMillis);
    }

    private static void move(Transaction tx, byte[] headRow, byte @Nullable [] first, long nowMillis) {
        long head = first == null ? nowMillis : Keys.dueMillis(first);
        if (head > head(tx, headRow)) {
            tx.put(Tables.NUMBERS, headRow, head);
        }
    }

    private static Rows<Boolean> releases(Reader reader, long nowMillis) {
        return reader.scan(
                Tables.DUE_RELEASES,
                Keys.releasesDueFrom(head(reader, Tables.RELEASES_HEAD)),
                Keys.releasesDueFrom(after(nowMillis)));
    }

    private static Rows<ExtentSlice> extents(Reader reader, long nowMillis) {
        return reader.scan(
                Tables.DUE_EXTENTS,
                Keys.extentsDueFrom(head(reader, Tables.EXTENTS_HEAD)),
                Keys.extentsDueFrom(after(nowMillis)));
    }

    private static long head(Reader reader, byte[] headRow) {
        Long head = reader.get(Tables.NUMBERS, headRow);
        return head == null ? 0 : head;
    }

    private static long after(long nowMillis) {
        return Math.clamp(nowMillis, 0, Long.MAX_VALUE - 1) + 1;
    }
}
