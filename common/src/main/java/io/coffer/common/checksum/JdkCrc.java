package io.coffer.common.checksum;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/** A 32-bit CRC of the JDK, which has a vector intrinsic for heap and direct memory. */
final class JdkCrc implements Checksummer {
    private final Checksum crc;

    JdkCrc(Checksum crc) {
        this.crc = crc;
    }

    @Override
    public void update(ByteBuffer data) {
        crc.update(data);
    }

    @Override
    public void update(byte[] data, int offset, int length) {
        crc.update(data, offset, length);
    }

    @Override
    public byte[] digest() {
        byte[] digest =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        crc.reset();
        return digest;
    }

    @Override
    public void reset() {
        crc.reset();
    }
}
