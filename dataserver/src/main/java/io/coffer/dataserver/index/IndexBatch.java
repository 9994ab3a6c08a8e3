package io.coffer.dataserver.index;

import io.coffer.common.id.VolumeId;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.IndexKeys;
import io.coffer.dataserver.format.SegmentEntry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Changes that become durable together. Used by one thread. */
public final class IndexBatch {
    private final List<IndexTable.Change> changes = new ArrayList<>();

    public IndexBatch put(ChunkKey key, ChunkEntry entry) {
        changes.add(new IndexTable.Change(IndexKeys.chunk(key), entry.encode()));
        return this;
    }

    public IndexBatch delete(ChunkKey key) {
        changes.add(new IndexTable.Change(IndexKeys.chunk(key), null));
        return this;
    }

    public IndexBatch put(SegmentEntry segment) {
        changes.add(new IndexTable.Change(IndexKeys.numbered(IndexKeys.SEGMENT, segment.id()), segment.encode()));
        return this;
    }

    public IndexBatch deleteSegment(long id) {
        changes.add(new IndexTable.Change(IndexKeys.numbered(IndexKeys.SEGMENT, id), null));
        return this;
    }

    public IndexBatch put(DeadRecord dead) {
        changes.add(new IndexTable.Change(IndexKeys.numbered(IndexKeys.DEAD, dead.number()), dead.encode()));
        return this;
    }

    public IndexBatch deleteDead(long number) {
        changes.add(new IndexTable.Change(IndexKeys.numbered(IndexKeys.DEAD, number), null));
        return this;
    }

    public IndexBatch put(VolumeId volume, long epoch) {
        byte[] value = ByteBuffer.allocate(Long.BYTES).putLong(epoch).array();
        changes.add(new IndexTable.Change(IndexKeys.numbered(IndexKeys.EPOCH, volume.value()), value));
        return this;
    }

    public IndexBatch put(IndexCounters counters) {
        changes.add(new IndexTable.Change(IndexKeys.counters(), counters.encode()));
        return this;
    }

    public boolean isEmpty() {
        return changes.isEmpty();
    }

    List<IndexTable.Change> changes() {
        return changes;
    }
}
