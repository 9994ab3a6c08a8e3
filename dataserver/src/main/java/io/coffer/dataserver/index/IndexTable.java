package io.coffer.dataserver.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted bytes under the index that can be changed. What is durable is always a prefix of the batches written. Thread-safe; one
 * writer at a time.
 */
interface IndexTable extends IndexSource {
    /** Puts, or deletes where the value is null; all or nothing. */
    void write(List<Change> changes) throws IndexException;

    /** Makes everything written so far durable. */
    void flush() throws IndexException;

    /** One put or delete. */
    @SuppressWarnings("ArrayRecordComponent") // short-lived, never compared
    record Change(byte[] key, byte @Nullable [] value) {}
}
