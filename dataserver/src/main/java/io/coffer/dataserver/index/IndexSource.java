package io.coffer.dataserver.index;

import org.jspecify.annotations.Nullable;

/** Sorted bytes that can be read: keys compare as unsigned bytes. Thread-safe. */
interface IndexSource {
    byte @Nullable [] get(byte[] key) throws IndexException;

    /** The entries from a key on, in order, until the visitor has enough. */
    void scan(byte[] from, Visitor visitor) throws IndexException;

    /** Doesn't make anything durable. */
    void close();

    /** Sees entries; owns neither array. */
    interface Visitor {
        /** Whether to go on. */
        boolean visit(byte[] key, byte[] value) throws IndexException;
    }
}
