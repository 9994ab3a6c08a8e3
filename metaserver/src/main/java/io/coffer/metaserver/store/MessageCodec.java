package io.coffer.metaserver.store;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.Function;

/** Rows that are one message. */
record MessageCodec<V, M extends MessageLite>(Parser<M> parser, Function<V, M> encoder, Function<M, V> decoder)
        implements Table.Codec<V> {
    @Override
    public byte[] encode(V value) {
        return encoder.apply(value).toByteArray();
    }

    @Override
    public V decode(byte[] bytes) {
        try {
            return decoder.apply(parser.parseFrom(bytes));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException("a damaged row", e);
        }
    }
}
