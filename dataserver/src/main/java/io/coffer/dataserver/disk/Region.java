package io.coffer.dataserver.disk;

import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a segment that one writer has for itself. It ends in one of two ways: {@link #abandon}, or a commit, after which
 * whoever keeps the index calls {@link #settle}; all writes that were begun must be over by then. Used by one thread at a time,
 * but for those writes.
 */
public final class Region {
    private final Segment segment;
    private final RecordPlace place;
    private final long length;

    /** Neighbours among the unsettled regions of the segment, which guards them. */
    @Nullable
    Region previous;

    @Nullable
    Region next;

    Region(Segment segment, RecordPlace place, long length, @Nullable Region previous) {
        this.segment = segment;
        this.place = place;
        this.length = length;
        this.previous = previous;
        if (previous != null) {
            previous.next = this;
        }
    }

    public Segment segment() {
        return segment;
    }

    public RecordPlace place() {
        return place;
    }

    public long length() {
        return length;
    }

    /** What a record in this region must carry. */
    public SegmentHeader header() {
        return segment.header();
    }

    /** Writes what remains in the buffer, {@code at} bytes into the region. */
    public void write(ByteBuffer data, long at) throws IOException {
        segment.file().write(data, position(data, at));
    }

    /** The same past the page cache, see {@link LocalDisk#beginWrite}. */
    void writeUncached(ByteBuffer data, long at) throws IOException {
        segment.file().writeUncached(data, position(data, at));
    }

    private long position(ByteBuffer data, long at) {
        if (at < 0 || at + data.remaining() > length) {
            throw new IllegalArgumentException(data.remaining() + " bytes at " + at + " don't fit into " + length);
        }
        return place.offset() + at;
    }

    /** Gives the region up: nothing valid is in it. */
    public void abandon() {
        segment.giveBack(this);
        segment.unpin();
    }

    /** The commit is over, well or not; the bytes aren't touched through this region any more. */
    void release() {
        segment.unpin();
    }

    /** The index knows what became of the region. */
    public void settle() {
        segment.settle(this);
    }
}
