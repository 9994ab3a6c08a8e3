package io.coffer.metaserver.store;

/** A column family (or a range of one) whose rows have one type. Keys come from {@link Keys}. */
public record Table<V>(Family family, Codec<V> codec) implements View<V> {
    /** Rows to bytes and back. Equal values have equal bytes. */
    public interface Codec<V> extends Decoder<V> {
        byte[] encode(V value);
    }

    @Override
    public Decoder<V> decoder() {
        return codec;
    }
}
