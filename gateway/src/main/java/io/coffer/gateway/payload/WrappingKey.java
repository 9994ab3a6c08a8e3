package io.coffer.gateway.payload;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

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

    /** What seals a new body, under a key that nothing replaces. */
    public BodySealer sealer(SecureRandom random) {
        return sealer(random, null);
    }

    /**
     * What seals a new body.
     *
     * @param newest the key to wrap with when this one has been replaced meanwhile; null where that can't be
     */
    public BodySealer sealer(SecureRandom random, BodySealer.@Nullable Newest newest) {
        DataKey key = DataKey.make(random);
        return new BodySealer(key, name, key.wrap(bytes, context, random), random, newest);
    }

    /**
     * A data key, wrapped; and opened again, because there is no other way to it once an earlier wrapping is gone.
     *
     * @throws GeneralSecurityException if the wrapping isn't what it should be
     */
    byte[] wrap(DataKey key, SecureRandom random) throws GeneralSecurityException {
        byte[] wrapped = key.wrap(bytes, context, random);
        if (!DataKey.unwrap(bytes, context, wrapped).isSameAs(key)) {
            throw new GeneralSecurityException("a data key was wrapped wrongly");
        }
        return wrapped;
    }

    public DataSeal.Wrapper name() {
        return name;
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
