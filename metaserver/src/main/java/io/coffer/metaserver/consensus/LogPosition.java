package io.coffer.metaserver.consensus;

import org.apache.ratis.server.protocol.TermIndex;

/**
 * A place in a group's log.
 *
 * @param index of the entry; {@code NONE.index()} before the first
 */
public record LogPosition(long term, long index) {
    /** Before the first entry. */
    public static final LogPosition NONE = new LogPosition(0, -1);

    static LogPosition of(TermIndex at) {
        return new LogPosition(at.getTerm(), at.getIndex());
    }

    TermIndex toTermIndex() {
        return TermIndex.valueOf(term, index);
    }

    boolean isNone() {
        return index < 0;
    }

    @Override
    public String toString() {
        return term + "_" + index;
    }
}
