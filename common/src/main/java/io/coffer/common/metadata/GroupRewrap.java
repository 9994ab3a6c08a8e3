package io.coffer.common.metadata;

import io.coffer.common.id.GroupId;
import java.nio.ByteBuffer;

/**
 * A pass over the rows of one group, of a {@link KeyRewrap}.
 *
 * @param pass from 1; 0 before the first
 * @param moved what {@link Reply.SealsReply} said when the pass began
 * @param table where it is
 * @param after row to go on after; empty for the table's first
 * @param scanned rows, in this pass
 * @param rows about how many there are
 * @param found seals of earlier versions, in this pass
 * @param left of them those that were not replaced
 * @param fruitless passes before, one after the other, that found some and replaced none
 * @param clean whether a whole pass has found none: there is none, and none comes
 */
public record GroupRewrap(
        GroupId group,
        int pass,
        long moved,
        SealTable table,
        ByteBuffer after,
        long scanned,
        long rows,
        long found,
        long left,
        int fruitless,
        boolean clean) {
    /** What holds most, and in most clusters all, of what is read without its encryption context comes first. */
    private static final SealTable FIRST = SealTable.PARTS;

    private static final ByteBuffer BEGINNING = ByteBuffer.allocate(0);

    public GroupRewrap {
        after = after.asReadOnlyBuffer();
    }

    public static GroupRewrap none(GroupId group) {
        return new GroupRewrap(group, 0, 0, FIRST, BEGINNING, 0, 0, 0, 0, 0, false);
    }

    public GroupRewrap nextPass(long movedNow) {
        boolean vain = found > 0 && left >= found;
        return new GroupRewrap(
                group, pass + 1, movedNow, FIRST, BEGINNING, 0, rows, 0, 0, vain ? fruitless + 1 : 0, false);
    }

    public GroupRewrap at(SealTable nowTable, ByteBuffer nowAfter) {
        return new GroupRewrap(group, pass, moved, nowTable, nowAfter, scanned, rows, found, left, fruitless, clean);
    }

    public GroupRewrap plus(long moreScanned, long rowsNow, long moreFound, long moreLeft) {
        return new GroupRewrap(
                group,
                pass,
                moved,
                table,
                after,
                scanned + moreScanned,
                rowsNow,
                found + moreFound,
                Math.max(0, left + moreLeft),
                fruitless,
                clean);
    }

    public GroupRewrap cleaned() {
        return new GroupRewrap(group, pass, moved, table, BEGINNING, scanned, rows, found, left, fruitless, true);
    }
}
