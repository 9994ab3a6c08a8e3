package io.coffer.dataserver.chunk;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** What is needed of each segment of a disk. Changed by the index writer's thread, read by any. */
final class SegmentUses {
    private final Map<Long, SegmentUse> uses = new ConcurrentHashMap<>();

    /** Of the segment's given generation; nothing of another one counts. */
    SegmentUse of(long segment, long generation) {
        SegmentUse use = uses.get(segment);
        return use != null && use.generation() == generation ? use : SegmentUse.none(generation);
    }

    void set(long segment, SegmentUse use) {
        uses.put(segment, use);
    }

    void change(long segment, long generation, UnaryOperator<SegmentUse> change) {
        uses.put(segment, change.apply(of(segment, generation)));
    }

    void forget(long segment) {
        uses.remove(segment);
    }

    Collection<Map.Entry<Long, SegmentUse>> all() {
        return uses.entrySet();
    }

    long liveBytes() {
        return uses.values().stream().mapToLong(SegmentUse::liveBytes).sum();
    }
}
