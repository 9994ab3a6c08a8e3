package io.coffer.dataserver.chunk;

import java.util.concurrent.atomic.LongAdder;

/** What happened on one disk since it was opened. Thread-safe. */
public final class ChunkCounters {
    final LongAdder writtenChunks = new LongAdder();
    final LongAdder writtenBytes = new LongAdder();
    final LongAdder reads = new LongAdder();
    final LongAdder readBytes = new LongAdder();
    final LongAdder deletes = new LongAdder();
    final LongAdder corruptions = new LongAdder();
    final LongAdder erasedRecords = new LongAdder();
    final LongAdder holeBytes = new LongAdder();
    final LongAdder movedBytes = new LongAdder();
    final LongAdder freedSegments = new LongAdder();
    final LongAdder scrubbedBytes = new LongAdder();
    final LongAdder repairedChunks = new LongAdder();

    ChunkCounters() {}

    /** The figures at one moment; all but the last two only grow. */
    public record Snapshot(
            long writtenChunks,
            long writtenBytes,
            long reads,
            long readBytes,
            long deletes,
            long corruptions,
            long erasedRecords,
            long holeBytes,
            long movedBytes,
            long freedSegments,
            long scrubbedBytes,
            long repairedChunks,
            long commitGroups,
            long openWriters,
            long indexBacklog) {}

    Snapshot snapshot(long commitGroups, long openWriters, long indexBacklog) {
        return new Snapshot(
                writtenChunks.sum(),
                writtenBytes.sum(),
                reads.sum(),
                readBytes.sum(),
                deletes.sum(),
                corruptions.sum(),
                erasedRecords.sum(),
                holeBytes.sum(),
                movedBytes.sum(),
                freedSegments.sum(),
                scrubbedBytes.sum(),
                repairedChunks.sum(),
                commitGroups,
                openWriters,
                indexBacklog);
    }
}
