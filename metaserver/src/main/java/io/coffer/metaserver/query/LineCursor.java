package io.coffer.metaserver.query;

/** Walks over the lines of a listing in their order, before common prefixes are rolled up. */
interface LineCursor<T> extends AutoCloseable {
    boolean valid();

    /** The object key of the line, in UTF-8. */
    byte[] key();

    T line();

    void next();

    /** Goes to the first line whose key is at or behind {@code key}; only ever forwards. */
    void skipTo(byte[] key);

    @Override
    void close();
}
