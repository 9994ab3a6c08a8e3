package io.coffer.metaserver.store;

/** A part of the values of a {@link Table}'s rows, for those who read many. */
public record Projection<V>(Family family, Decoder<V> decoder) implements View<V> {}
