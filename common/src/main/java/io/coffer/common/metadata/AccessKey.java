package io.coffer.common.metadata;

import io.coffer.common.id.AccountId;
import java.nio.ByteBuffer;

/**
 * An access key of an account. The secret is sealed with the cluster's key: whoever holds only metadata can't sign.
 *
 * @param sealedSecret read-only, position 0
 */
public record AccessKey(
        String accessKey,
        AccountId account,
        ByteBuffer sealedSecret,
        String description,
        boolean enabled,
        long createdMillis) {
    public AccessKey {
        sealedSecret = sealedSecret.asReadOnlyBuffer();
    }

    @Override
    public String toString() {
        return "AccessKey[" + accessKey + ", " + account + ", enabled=" + enabled + "]";
    }
}
