package io.coffer.dataserver.disk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.format.Mark;
import io.coffer.dataserver.format.RecordContent;
import io.coffer.dataserver.format.RecordHeader;
import io.coffer.dataserver.format.RecordLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes deletes and epochs into the disk's marks segments, one after the other. Each begins with the epochs of all volumes, so that an
 * older one isn't needed for them. Used by the committer's thread.
 */
final class MarksLog {
    private final SegmentTable table;
    private final DiskHealth health;
    private final CommitSequence sequence;
    private final Supplier<List<Mark.Epoch>> epochs;
    private final Consumer<Region> durable;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(
            Math.toIntExact(RecordLayout.recordBytes((long) Mark.MAX_PER_RECORD * Mark.BYTES)));

    private @Nullable Segment current;

    /**
     * @param epochs all that are known
     * @param durable told of each region of marks after the outcomes of its marks were told
     */
    MarksLog(
            SegmentTable table,
            DiskHealth health,
            CommitSequence sequence,
            Supplier<List<Mark.Epoch>> epochs,
            Consumer<Region> durable) {
        this.table = table;
        this.health = health;
        this.sequence = sequence;
        this.epochs = epochs;
        this.durable = durable;
    }

    /** Records that were written and wait for a sync. */
    record Written(List<Region> regions, List<CommitTicket> tickets) {
        static final Written NOTHING = new Written(List.of(), List.of());

        void addSegmentsTo(Set<Segment> dirty) {
            regions.forEach(region -> dirty.add(region.segment()));
        }

        void finish(CommitSequence sequence) {
            tickets.forEach(sequence::finish);
            regions.forEach(Region::release);
        }
    }

    /** Writes the marks; nothing of it counts before it is synced. */
    Written write(List<Mark> marks) throws ChunkException {
        Written written = new Written(new ArrayList<>(), new ArrayList<>());
        boolean done = false;
        try {
            for (int start = 0; start < marks.size(); start += Mark.MAX_PER_RECORD) {
                append(marks.subList(start, Math.min(marks.size(), start + Mark.MAX_PER_RECORD)), written);
            }
            done = true;
            return written;
        } finally {
            if (!done) {
                written.finish(sequence);
            }
        }
    }

    private void append(List<? extends Mark> marks, Written written) throws ChunkException {
        long recordBytes = RecordLayout.recordBytes((long) marks.size() * Mark.BYTES);
        Region region = current == null ? null : reserve(current, recordBytes);
        if (region == null) {
            change(recordBytes, written);
            region = current == null ? null : reserve(current, recordBytes);
        }
        if (region == null) {
            throw new IllegalStateException("a new marks segment has no room for " + recordBytes + " bytes");
        }
        written.regions.add(region);
        CommitTicket ticket = sequence.begin();
        written.tickets.add(ticket);
        encode(marks, region, ticket);
        try {
            region.write(buffer, 0);
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    private @Nullable Region reserve(Segment segment, long recordBytes) throws ChunkException {
        try {
            return segment.reserve(recordBytes);
        } catch (IOException e) {
            throw health.writeFailed(e);
        }
    }

    /** Takes the next segment and puts all epochs at its start. */
    private void change(long recordBytes, Written written) throws ChunkException {
        List<Mark.Epoch> all = epochs.get();
        long snapshotBytes = 0;
        for (int start = 0; start < all.size(); start += Mark.MAX_PER_RECORD) {
            int count = Math.min(all.size() - start, Mark.MAX_PER_RECORD);
            snapshotBytes += RecordLayout.recordBytes((long) count * Mark.BYTES);
        }
        Segment next = table.takeMarks(snapshotBytes + recordBytes);
        if (current != null) {
            current.close();
        }
        current = next;
        for (int start = 0; start < all.size(); start += Mark.MAX_PER_RECORD) {
            append(all.subList(start, Math.min(all.size(), start + Mark.MAX_PER_RECORD)), written);
        }
    }

    private void encode(List<? extends Mark> marks, Region region, CommitTicket ticket) {
        int length = marks.size() * Mark.BYTES;
        int dataOffset = RecordLayout.dataOffset(length);
        buffer.clear().position(dataOffset);
        marks.forEach(mark -> mark.encode(buffer));
        int end = buffer.position();
        int checksum = BlockChecksums.ofBlock(buffer.slice(dataOffset, length));
        RecordHeader header = new RecordHeader(
                region.place(),
                region.header().stamp(),
                ticket.sequence(),
                ticket.durableBefore(),
                new RecordContent.Marks(),
                dataOffset,
                length);
        buffer.clear();
        header.encode(buffer, new int[] {checksum});
        zero(buffer.position(), dataOffset);
        zero(end, (int) region.length());
        buffer.position(0).limit((int) region.length());
    }

    private void zero(int from, int to) {
        for (int at = from; at < to; at++) {
            buffer.put(at, (byte) 0);
        }
    }

    /** After the outcomes of its marks were told. */
    void announce(Written written) {
        written.regions.forEach(durable);
    }
}
