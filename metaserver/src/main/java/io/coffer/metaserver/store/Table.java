package io.coffer.metaserver.store;

/** A column family (or a range of one) whose rows have one type. Keys come from {@link Keys}. */
public record Table<V>(Family family, Codec<V> codec) {
    /** Rows to bytes and back. Equal values have equal bytes. */
    public interface Codec<V> {
        byte[] encode(V value);

        /** @throws IllegalArgumentException if no encoder made the bytes */
        V decode(byte[] bytes);
    }
}
