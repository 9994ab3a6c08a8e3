package io.coffer.common.checksum;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** CRC-64/NVME, reflected, complemented before and after; the check value of "123456789" is ae8b14860a799888. */
final class Crc64Nvme implements Checksummer {
    private static final long START = -1L;

    private long register = START;

    @Override
    public void update(ByteBuffer data) {
        ByteBuffer little = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        register = Crc64Slicing.update(register, little, data.position(), data.limit());
        data.position(data.limit());
    }

    @Override
    public void update(byte[] data, int offset, int length) {
        update(ByteBuffer.wrap(data, offset, length));
    }

    @Override
    public byte[] digest() {
        byte[] digest = ByteBuffer.allocate(Long.BYTES).putLong(~register).array();
        reset();
        return digest;
    }

    @Override
    public void reset() {
        register = START;
    }
}
