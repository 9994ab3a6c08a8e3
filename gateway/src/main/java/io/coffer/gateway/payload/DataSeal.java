package io.coffer.gateway.payload;

import io.coffer.common.metadata.Seal;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.UUID;

/**
 * What a {@link Seal} says: which key has wrapped the data key, the wrapped data key, and which of its body's runs the run is. Layout:
 * {@code docs/formats/encrypted-data.md}.
 */
public final class DataSeal {
    private static final byte VERSION = 1;
    private static final int BYTES = 1 + 1 + 16 + 4 + DataKey.WRAPPED_BYTES + 4;

    private final Wrapper wrapper;
    private final byte[] wrapped;
    private final int run;

    /**
     * A key that wraps.
     *
     * @param id of a key of the key store; nil for a customer's key
     * @param version of it; 0 for a customer's key
     */
    public record Wrapper(UUID id, int version) {
        public static final Wrapper CUSTOMER = new Wrapper(new UUID(0, 0), 0);

        public boolean isCustomer() {
            return equals(CUSTOMER);
        }
    }

    DataSeal(Wrapper wrapper, byte[] wrapped, int run) {
        this.wrapper = wrapper;
        this.wrapped = wrapped;
        this.run = run;
    }

    /** @throws GeneralSecurityException for a seal that this version doesn't know */
    public static DataSeal of(Seal seal) throws GeneralSecurityException {
        ByteBuffer in = seal.bytes().duplicate();
        if (in.remaining() != BYTES || in.get() != VERSION) {
            throw new GeneralSecurityException("not a seal of a known version");
        }
        boolean customer = in.get() != 0;
        Wrapper wrapper = new Wrapper(new UUID(in.getLong(), in.getLong()), in.getInt());
        if (customer != wrapper.isCustomer()) {
            throw new GeneralSecurityException("a seal that names a key and none");
        }
        byte[] wrapped = new byte[DataKey.WRAPPED_BYTES];
        in.get(wrapped);
        return new DataSeal(wrapper, wrapped, in.getInt());
    }

    Seal toSeal() {
        ByteBuffer out = ByteBuffer.allocate(BYTES)
                .put(VERSION)
                .put((byte) (wrapper.isCustomer() ? 1 : 0))
                .putLong(wrapper.id().getMostSignificantBits())
                .putLong(wrapper.id().getLeastSignificantBits())
                .putInt(wrapper.version())
                .put(wrapped)
                .putInt(run);
        return new Seal(out.flip());
    }

    public Wrapper wrapper() {
        return wrapper;
    }

    /** Which run of its body, from 0. */
    int run() {
        return run;
    }

    boolean hasKeyOf(DataSeal other) {
        return wrapper.equals(other.wrapper) && Arrays.equals(wrapped, other.wrapped);
    }

    /** @throws GeneralSecurityException if another key has wrapped it, or in another context */
    public DataKey open(WrappingKey key) throws GeneralSecurityException {
        return DataKey.unwrap(key.bytes(), key.context(), wrapped);
    }
}
