package io.coffer.gateway.payload;

import io.coffer.common.metadata.Seal;
import io.coffer.gateway.s3.error.S3Exception;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * Wraps data keys anew with another version of the key that has wrapped them, without a look at the data. Runs of one body that follow one
 * another get one wrapping. Used by one thread.
 */
public final class SealRenewer {
    private final DataKeys keys;
    private final WrappingKey newest;
    private final SecureRandom random;
    private @Nullable DataSeal last;
    private byte[] lastWrapped = new byte[0];

    /**
     * @param keys open what there is
     * @param newest wraps, in the same encryption context
     */
    public SealRenewer(DataKeys keys, WrappingKey newest, SecureRandom random) {
        this.keys = keys;
        this.newest = newest;
        this.random = random;
    }

    /** @throws GeneralSecurityException if the seal can't be opened */
    public Seal renew(Seal before) throws S3Exception, GeneralSecurityException {
        DataSeal seal = DataSeal.of(before);
        if (last == null || !last.hasKeyOf(seal)) {
            lastWrapped = newest.wrap(keys.open(seal), random);
            last = seal;
        }
        return new DataSeal(newest.name(), lastWrapped, seal.run()).toSeal();
    }
}
