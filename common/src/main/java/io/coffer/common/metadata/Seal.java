package io.coffer.common.metadata;

import java.nio.ByteBuffer;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What it takes to open encrypted bytes, beside the key that it names. Only gateways look inside, but for which key has wrapped it. It goes
 * with its bytes wherever they are shared. Layout: {@code docs/formats/encrypted-data.md}.
 *
 * @param bytes none for bytes that aren't encrypted
 */
public record Seal(ByteBuffer bytes) {
    /** Of bytes that aren't encrypted. */
    public static final Seal NONE = new Seal(ByteBuffer.allocate(0));

    private static final byte VERSION = 1;
    private static final int KEY = 2;
    private static final int WRAPPER_END = KEY + 2 * Long.BYTES + Integer.BYTES;

    public Seal {
        bytes = bytes.asReadOnlyBuffer();
    }

    public boolean isNone() {
        return !bytes.hasRemaining();
    }

    /** Which key of the key store has wrapped it; null for none, or a customer's key. */
    public @Nullable Wrapper wrapper() {
        int at = bytes.position();
        if (bytes.remaining() < WRAPPER_END || bytes.get(at) != VERSION || bytes.get(at + 1) != 0) {
            return null;
        }
        return new Wrapper(
                new UUID(bytes.getLong(at + KEY), bytes.getLong(at + KEY + Long.BYTES)),
                bytes.getInt(at + WRAPPER_END - Integer.BYTES));
    }

    /** Whether a version of the key before this one has wrapped it. */
    public boolean isBefore(UUID key, int version) {
        Wrapper wrapper = wrapper();
        return wrapper != null && wrapper.key().equals(key) && wrapper.version() < version;
    }

    /** A version of a key of the key store. */
    public record Wrapper(UUID key, int version) {}
}
