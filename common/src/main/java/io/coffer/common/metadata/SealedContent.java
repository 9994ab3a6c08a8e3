package io.coffer.common.metadata;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Rows that one version, upload or piece consists of, and with what encryption context they were sealed: the rows don't say it.
 *
 * @param prefix of the rows' keys
 * @param encryption null for that of what the piece is in
 */
public record SealedContent(
        SealTable table, ByteBuffer prefix, @Nullable Encryption encryption) {
    public SealedContent {
        prefix = prefix.asReadOnlyBuffer();
    }
}
