package io.coffer.dataserver.format;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C over parts of a buffer, whose position and limit stay. */
final class Crc {
    private Crc() {}

    static int of(ByteBuffer buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(start, length));
        return (int) crc.getValue();
    }
}
