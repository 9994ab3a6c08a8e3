package io.coffer.dataserver.chunk;

import io.coffer.dataserver.format.SegmentEntry;

/**
 * How much of a segment's generation is needed.
 *
 * @param liveBytes of records, as are all
 * @param erasedBytes of holes
 * @param lastDead of a marks segment: the number of the last dead record it may have caused
 * @param complete whether the index knows that the segment is full
 */
record SegmentUse(
        long generation, long liveBytes, long liveRecords, long erasedBytes, long lastDead, boolean complete) {
    static SegmentUse none(long generation) {
        return new SegmentUse(generation, 0, 0, 0, 0, false);
    }

    static SegmentUse of(SegmentEntry entry) {
        return new SegmentUse(
                entry.generation(),
                entry.liveBytes(),
                entry.liveRecords(),
                entry.erasedBytes(),
                entry.lastDead(),
                entry.full());
    }

    SegmentUse withLive(long bytes, long records) {
        return new SegmentUse(generation, liveBytes + bytes, liveRecords + records, erasedBytes, lastDead, complete);
    }

    SegmentUse withErased(long bytes) {
        return new SegmentUse(generation, liveBytes, liveRecords, erasedBytes + bytes, lastDead, complete);
    }

    SegmentUse withLastDead(long number) {
        return new SegmentUse(generation, liveBytes, liveRecords, erasedBytes, number, complete);
    }

    SegmentUse asComplete() {
        return new SegmentUse(generation, liveBytes, liveRecords, erasedBytes, lastDead, true);
    }
}
