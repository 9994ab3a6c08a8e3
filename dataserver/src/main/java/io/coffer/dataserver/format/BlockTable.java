package io.coffer.dataserver.format;

import io.coffer.common.checksum.BlockChecksums;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** The checksums of a record's blocks, tied to its header. See docs/formats/segment.md. */
public final class BlockTable {
    private BlockTable() {}

    /** Writes the table at the buffer's position, which moves behind it. */
    static void encode(ByteBuffer out, int headerCrc, int[] blockChecksums) {
        int start = out.position();
        for (int checksum : blockChecksums) {
            out.putInt(checksum);
        }
        out.putInt(tableCrc(headerCrc, out, start, blockChecksums.length * Integer.BYTES));
    }

    /** The table at the buffer's position for data of {@code length} bytes, or null if it isn't the one of that header. */
    public static int @Nullable [] decode(ByteBuffer in, int headerCrc, long length) {
        int blocks = BlockChecksums.blocksIn(length);
        if (in.remaining() < RecordLayout.tableBytes(length)) {
            return null;
        }
        int start = in.position();
        int[] checksums = new int[blocks];
        for (int block = 0; block < blocks; block++) {
            checksums[block] = in.getInt();
        }
        return in.getInt() == tableCrc(headerCrc, in, start, blocks * Integer.BYTES) ? checksums : null;
    }

    private static int tableCrc(int headerCrc, ByteBuffer buffer, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, headerCrc));
        crc.update(buffer.slice(start, length));
        return (int) crc.getValue();
    }
}
