package io.coffer.deploy.server;

import io.coffer.common.io.FileSystem;
import io.coffer.common.seal.ClusterKey;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Optional;

/** The cluster's key of a store of one process: made at the first start. */
final class StoreKey {
    private StoreKey() {}

    /**
     * The key.
     *
     * @param metadataExists whether there are secrets already that only the old key opens
     */
    static ClusterKey find(FileSystem keys, boolean metadataExists, SecureRandom random)
            throws IOException, StartException {
        Optional<ClusterKey> found = load(keys);
        if (found.isEmpty()) {
            if (metadataExists) {
                throw new StartException(
                        "keys/" + ClusterKey.FILE + " is missing: without it no access key works; bring it back");
            }
            ClusterKey made = ClusterKey.make(random);
            made.save(keys);
            return made;
        }
        return found.get();
    }

    private static Optional<ClusterKey> load(FileSystem keys) throws StartException {
        try {
            return ClusterKey.load(keys);
        } catch (IOException e) {
            throw new StartException("can't use keys/" + ClusterKey.FILE + ": " + e.getMessage(), e);
        }
    }
}
