package io.coffer.common.metadata;

import io.coffer.common.cluster.Node;
import io.coffer.common.id.NodeId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A one-time token with which a node may join. Its secret is known to its maker alone.
 *
 * @param secretHash SHA-256 of the secret
 * @param expiresMillis since 1970
 * @param node who used it; null while nobody has
 * @param keyHash SHA-256 of that node's public key; empty while nobody has
 */
public record JoinToken(
        String id,
        Node.Role role,
        ByteBuffer secretHash,
        long expiresMillis,
        @Nullable NodeId node,
        ByteBuffer keyHash) {
    public JoinToken {
        secretHash = secretHash.asReadOnlyBuffer();
        keyHash = keyHash.asReadOnlyBuffer();
    }
}
