package io.coffer.gateway.auth;

import io.coffer.common.seal.Sealer;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Seals secret access keys with the cluster's key, each for its access key. Thread-safe. */
public final class SecretSealer {
    private final Sealer sealer;

    public SecretSealer(Sealer sealer) {
        this.sealer = sealer;
    }

    public ByteBuffer seal(String accessKey, Secret secret) {
        return sealer.seal(accessKey, secret.bytes());
    }

    /** @throws GeneralSecurityException if it was sealed with another cluster key or for another access key, or was changed */
    public Secret open(String accessKey, ByteBuffer sealed) throws GeneralSecurityException {
        return Secret.ofBytes(sealer.open(accessKey, sealed));
    }
}
