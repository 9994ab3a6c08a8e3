package io.coffer.metaserver.model;

import io.coffer.common.metadata.Reply;
import java.nio.ByteBuffer;

/**
 * What was answered to a request that its client may repeat.
 *
 * @param fingerprint of the request's parameters
 */
public record StoredToken(ByteBuffer fingerprint, Reply.PutReply reply) {
    public StoredToken {
        fingerprint = fingerprint.asReadOnlyBuffer();
    }
}
