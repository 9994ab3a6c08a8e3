package io.coffer.common.checksum;

import java.nio.ByteBuffer;

/** A checksum being computed. Used by one thread at a time; keeps no reference to what it is given. */
public interface Checksummer {

    /** Takes what remains in the buffer, heap or direct, and leaves its position at its limit. */
    void update(ByteBuffer data);

    void update(byte[] data, int offset, int length);

    default void update(byte[] data) {
        update(data, 0, data.length);
    }

    /** The checksum, most significant byte first, of all since the last reset; resets. */
    byte[] digest();

    void reset();
}
