package io.coffer.dataserver.format;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;

/** The keys of the index. See docs/formats/chunk-index.md. */
public final class IndexKeys {
    public static final byte CHUNK = 'C';
    public static final byte SEGMENT = 'S';
    public static final byte DEAD = 'D';
    public static final byte EPOCH = 'V';

    private static final byte COUNTERS = 'M';
    private static final int CHUNK_BYTES = 29;

    private IndexKeys() {}

    public static byte[] chunk(ChunkKey key) {
        return ByteBuffer.allocate(CHUNK_BYTES)
                .put(CHUNK)
                .putLong(key.extent().high())
                .putLong(key.extent().low())
                .putLong(key.volume().value())
                .putInt(key.index())
                .array();
    }

    public static ChunkKey chunk(byte[] key) throws FormatException {
        if (key.length != CHUNK_BYTES) {
            throw new FormatException("index key of " + key.length + " bytes");
        }
        ByteBuffer in = ByteBuffer.wrap(key, 1, CHUNK_BYTES - 1);
        ExtentId extent = new ExtentId(in.getLong(), in.getLong());
        return new ChunkKey(extent, new VolumeId(in.getLong()), in.getInt());
    }

    /** The first possible key behind all chunks of an extent. */
    public static byte[] behind(ExtentId extent) {
        return ByteBuffer.allocate(CHUNK_BYTES + 1)
                .put(CHUNK)
                .putLong(extent.high())
                .putLong(extent.low())
                .putLong(-1)
                .putInt(-1)
                .array();
    }

    public static byte[] numbered(byte kind, long number) {
        return ByteBuffer.allocate(1 + Long.BYTES).put(kind).putLong(number).array();
    }

    public static long number(byte[] key) throws FormatException {
        if (key.length != 1 + Long.BYTES) {
            throw new FormatException("index key of " + key.length + " bytes");
        }
        return ByteBuffer.wrap(key).getLong(1);
    }

    public static byte[] counters() {
        return new byte[] {COUNTERS};
    }
}
