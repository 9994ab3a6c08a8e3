package io.coffer.dataserver.disk;

import io.coffer.dataserver.format.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * A record as a scan found it.
 *
 * @param checksums of the blocks, or null if the table is damaged
 */
@SuppressWarnings("ArrayRecordComponent") // passed on once, never compared
public record ScannedRecord(RecordHeader header, int @Nullable [] checksums) {
    /** The first offset behind it. */
    public long end() {
        return header.place().offset() + header.recordBytes();
    }
}
