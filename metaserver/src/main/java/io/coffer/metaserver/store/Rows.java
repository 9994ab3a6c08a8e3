package io.coffer.metaserver.store;

/** An iterator over rows in key order. Not thread-safe; closed by whoever asked for it. */
public interface Rows<V> extends AutoCloseable {
    /** Whether there is a row here. */
    boolean valid();

    byte[] key();

    V value();

    void next();

    /** Goes to the first row at or behind {@code key}, forwards or backwards; never outside the range that was asked for. */
    void seek(byte[] key);

    @Override
    void close();
}
