package io.coffer.gateway.payload;

import io.coffer.gateway.s3.error.S3Exception;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The data keys of what one request reads; the one used last is kept, because most runs of a body follow another. Used by one thread. */
public final class DataKeys {
    private final WrappingKeys wrapping;
    private @Nullable DataSeal lastSeal;
    private @Nullable DataKey lastKey;

    /** Finds the key that has wrapped a data key. */
    @FunctionalInterface
    public interface WrappingKeys {
        /** What S3 answers when the key can't be used. */
        WrappingKey find(DataSeal.Wrapper name) throws S3Exception, GeneralSecurityException;
    }

    public DataKeys(WrappingKeys wrapping) {
        this.wrapping = wrapping;
    }

    /** @throws GeneralSecurityException if the seal isn't what was made for the bytes */
    public DataKey open(DataSeal seal) throws S3Exception, GeneralSecurityException {
        DataKey key = lastKey;
        if (key == null || lastSeal == null || !lastSeal.hasKeyOf(seal)) {
            key = seal.open(wrapping.find(seal.wrapper()));
            lastKey = key;
            lastSeal = seal;
        }
        return key;
    }
}
