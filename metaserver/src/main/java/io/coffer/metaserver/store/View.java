package io.coffer.metaserver.store;

/** Rows of a column family (or a range of one), read as one type: whole, or what somebody needs of them. */
public sealed interface View<V> permits Table, Projection {
    Family family();

    Decoder<V> decoder();

    /** Bytes of rows to values. */
    @FunctionalInterface
    interface Decoder<V> {
        /** @throws IllegalArgumentException if no encoder made the bytes */
        V decode(byte[] bytes);
    }
}
