package io.coffer.gateway.s3.operation;

import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.gateway.payload.DataKeys;
import org.jspecify.annotations.Nullable;

/**
 * How a copy's bytes are opened and sealed.
 *
 * @param chosen of the copy
 * @param keys of the source; null where it isn't encrypted
 */
public record CopyEncryption(
        ObjectEncryption.Chosen chosen, @Nullable DataKeys keys) {
    /** Whether the source's bytes are readable as the copy's; otherwise they are sealed anew. */
    public boolean mayShare(ObjectVersion source) {
        return Encryption.mayShare(source.attributes().encryption(), chosen.encryption());
    }

    /** Whether the copy's ETag is the MD5 of bytes of which the source's ETag says nothing. */
    public boolean needsMd5(ObjectVersion source) {
        Encryption from = source.attributes().encryption();
        return chosen.hasMd5Tags() && from != null && !from.hasMd5Tags();
    }
}
