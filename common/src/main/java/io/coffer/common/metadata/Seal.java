package io.coffer.common.metadata;

import java.nio.ByteBuffer;

/**
 * What it takes to open encrypted bytes, beside the key that it names; only gateways look inside. It goes with its bytes wherever they
 * are shared. Layout: {@code docs/formats/encrypted-data.md}.
 *
 * @param bytes none for bytes that aren't encrypted
 */
public record Seal(ByteBuffer bytes) {
    /** Of bytes that aren't encrypted. */
    public static final Seal NONE = new Seal(ByteBuffer.allocate(0));

    public Seal {
        bytes = bytes.asReadOnlyBuffer();
    }

    public boolean isNone() {
        return !bytes.hasRemaining();
    }
}
