package io.coffer.dataserver.format;

import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.NodeId;
import java.nio.ByteBuffer;
import java.util.UUID;

/** Whose a disk is. See docs/formats/disk-identity.md. */
public record DiskIdentity(ClusterId cluster, NodeId node, DiskId disk, long createdMillis) {
    public static final String FILE_NAME = "identity";
    public static final int BYTES = 128;

    private static final long MAGIC = 0x434f_4652_4449_534bL; // COFRDISK
    private static final int VERSION = 1;
    private static final int CRC_OFFSET = BYTES - Integer.BYTES;

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(BYTES);
        out.putLong(MAGIC).putInt(VERSION).putInt(0);
        put(out, cluster.value());
        put(out, node.value());
        put(out, disk.value());
        out.putLong(createdMillis);
        out.putInt(CRC_OFFSET, Crc.of(out, 0, CRC_OFFSET));
        return out.array();
    }

    /** Reads it back; says what is wrong with it otherwise. */
    public static DiskIdentity decode(byte[] bytes) throws FormatException {
        if (bytes.length != BYTES) {
            throw new FormatException("has " + bytes.length + " bytes, not " + BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (in.getInt(CRC_OFFSET) != Crc.of(in, 0, CRC_OFFSET)) {
            throw new FormatException("has a wrong checksum");
        }
        if (in.getLong() != MAGIC) {
            throw new FormatException("isn't one of Coffer's");
        }
        int version = in.getInt();
        if (version != VERSION) {
            throw new FormatException("has format version " + version + ", this program knows " + VERSION);
        }
        in.getInt();
        return new DiskIdentity(new ClusterId(uuid(in)), new NodeId(uuid(in)), new DiskId(uuid(in)), in.getLong());
    }

    static void put(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
    }

    static UUID uuid(ByteBuffer in) {
        long high = in.getLong();
        return new UUID(high, in.getLong());
    }
}
