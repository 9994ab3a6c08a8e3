package io.coffer.dataserver.index;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sorted bytes under the index: keys compare as unsigned bytes. What is durable is always a prefix of the batches written.
 * Thread-safe; one writer at a time.
 */
interface IndexTable {
    byte @Nullable [] get(byte[] key) throws IndexException;

    /** Puts, or deletes where the value is null; all or nothing. */
    void write(List<Change> changes) throws IndexException;

    /** The entries from a key on, in order, until the visitor has enough. */
    void scan(byte[] from, Visitor visitor) throws IndexException;

    /** Makes everything written so far durable. */
    void flush() throws IndexException;

    /** Doesn't flush. */
    void close();

    /** One put or delete. */
    @SuppressWarnings("ArrayRecordComponent") // short-lived, never compared
    record Change(byte[] key, byte @Nullable [] value) {}

    /** Sees entries; owns neither array. */
    interface Visitor {
        /** Whether to go on. */
        boolean visit(byte[] key, byte[] value) throws IndexException;
    }
}
