package io.coffer.deploy.server;

import io.coffer.common.io.FileSystem;
import io.coffer.gateway.auth.SecretSealer;
import java.io.IOException;
import java.security.SecureRandom;

/** The key that seals the secrets in the metadata: made at the first start, kept where only the owner reads. */
final class ClusterKey {
    private static final String FILE = "cluster.key";

    private ClusterKey() {}

    /**
     * The key as a sealer.
     *
     * @param metadataExists whether there are secrets already that only the old key opens
     */
    static SecretSealer find(FileSystem keys, boolean metadataExists, SecureRandom random)
            throws IOException, StartException {
        if (!keys.exists(FILE)) {
            if (metadataExists) {
                throw new StartException("keys/" + FILE + " is missing: without it no access key works; bring it back");
            }
            byte[] made = new byte[SecretSealer.CLUSTER_KEY_BYTES];
            random.nextBytes(made);
            keys.replace(FILE, made);
        }
        byte[] key = keys.readSmall(FILE, SecretSealer.CLUSTER_KEY_BYTES);
        if (key.length != SecretSealer.CLUSTER_KEY_BYTES) {
            throw new StartException("keys/" + FILE + " is damaged");
        }
        return new SecretSealer(key, random);
    }
}
