package io.coffer.gateway.payload;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;

/** A key that wraps data keys, with what they are bound to. Immutable. */
public final class WrappingKey {
    private final DataSeal.Wrapper name;
    private final byte[] bytes;
    private final byte[] context;

    /**
     * @param bytes {@link DataKey#BYTES} of them; kept, not copied
     * @param context the encryption context, which must be told again to unwrap; empty for none
     */
    public WrappingKey(DataSeal.Wrapper name, byte[] bytes, String context) {
        if (bytes.length != DataKey.BYTES) {
            throw new IllegalArgumentException("a wrapping key has " + DataKey.BYTES + " bytes");
        }
        this.name = name;
        this.bytes = bytes;
        this.context = context.getBytes(StandardCharsets.UTF_8);
    }

    /** What seals a new body. */
    public BodySealer sealer(SecureRandom random) {
        DataKey key = DataKey.make(random);
        return new BodySealer(key, name, key.wrap(bytes, context, random));
    }

    byte[] bytes() {
        return bytes;
    }

    byte[] context() {
        return context;
    }

    @Override
    public String toString() {
        return "WrappingKey[" + name + "]";
    }
}
