package io.coffer.common.metadata;

import java.nio.ByteBuffer;

/**
 * A client's name for a request that it may repeat. Both are hashes, so that they are short whatever the client says.
 *
 * @param high of the name of bucket, account and token
 * @param low of the same
 * @param fingerprint of the request's parameters: a repeated request has the same
 */
public record ClientToken(long high, long low, ByteBuffer fingerprint) {
    public ClientToken {
        fingerprint = fingerprint.asReadOnlyBuffer();
    }
}
