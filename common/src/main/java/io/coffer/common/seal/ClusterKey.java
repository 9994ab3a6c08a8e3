package io.coffer.common.seal;

import io.coffer.common.io.FileSystem;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The key that seals the secrets in the metadata: made once per cluster, and kept by those nodes that open secrets, where only the
 * owner reads. It never shows itself, and comparing takes constant time.
 */
public final class ClusterKey {
    /** AES-256. */
    public static final int BYTES = 32;

    /** Where {@link #save} keeps it. */
    public static final String FILE = "cluster.key";

    private final byte[] bytes;

    private ClusterKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @param bytes {@link #BYTES} of them; copied */
    public static ClusterKey of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("the cluster's key has " + BYTES + " bytes");
        }
        return new ClusterKey(bytes.clone());
    }

    public static ClusterKey make(SecureRandom random) {
        byte[] made = new byte[BYTES];
        random.nextBytes(made);
        return new ClusterKey(made);
    }

    /** What is in a directory; empty if there is nothing. */
    public static Optional<ClusterKey> load(FileSystem directory) throws IOException {
        if (!directory.exists(FILE)) {
            return Optional.empty();
        }
        byte[] found = directory.readSmall(FILE, BYTES);
        if (found.length != BYTES) {
            throw new IOException(FILE + " is damaged");
        }
        return Optional.of(new ClusterKey(found));
    }

    /** Durable when this returns. */
    public void save(FileSystem directory) throws IOException {
        directory.replace(FILE, bytes);
    }

    /** A copy, for those who send it to another node. */
    public byte[] bytes() {
        return bytes.clone();
    }

    public Sealer sealer(SecureRandom random) {
        return new Sealer(bytes, random);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ClusterKey key && MessageDigest.isEqual(bytes, key.bytes);
    }

    /** The same for all keys, so that a hash code gives nothing away. */
    @Override
    public int hashCode() {
        return 0;
    }

    @Override
    public String toString() {
        return "ClusterKey[hidden]";
    }
}
