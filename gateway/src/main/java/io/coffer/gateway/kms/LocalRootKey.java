package io.coffer.gateway.kms;

import io.coffer.common.seal.ClusterKey;
import io.coffer.common.seal.Sealer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

/** A root key that this process was given. Its name is a digest, so that a wrong one is noticed and none is given away. */
public final class LocalRootKey implements RootKey {
    private static final int NAME_BYTES = 8;

    private final String name;
    private final Sealer sealer;

    public LocalRootKey(ClusterKey key, SecureRandom random) {
        this.name = "key:" + fingerprint(key.bytes());
        this.sealer = key.sealer(random);
    }

    private static String fingerprint(byte[] key) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("coffer root key".getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(Arrays.copyOf(digest.digest(key), NAME_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public ByteBuffer wrap(String of, byte[] key) {
        return sealer.seal(of, key);
    }

    @Override
    public byte[] unwrap(String of, ByteBuffer wrapped) throws GeneralSecurityException {
        return sealer.open(of, wrapped);
    }
}
