package io.coffer.dataserver.format;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** An entry of a marks record. See docs/formats/segment.md. */
public sealed interface Mark {
    int BYTES = 40;

    /** The most entries of one record: its data is one block. */
    int MAX_PER_RECORD = BlockChecksums.BLOCK_SIZE / BYTES;

    /** Every record of the chunk with this version or a lower one is gone. */
    record Delete(ChunkKey key, long version) implements Mark {}

    /** The highest epoch of a volume that was seen. */
    record Epoch(VolumeId volume, long epoch) implements Mark {}

    /** Writes the entry at the buffer's position, which moves behind it. */
    default void encode(ByteBuffer out) {
        switch (this) {
            case Delete(ChunkKey key, long version) -> {
                out.put((byte) 1).put(new byte[3]).putInt(key.index());
                out.putLong(key.volume().value());
                out.putLong(key.extent().high()).putLong(key.extent().low());
                out.putLong(version);
            }
            case Epoch(VolumeId volume, long epoch) -> {
                out.put((byte) 2).put(new byte[7]).putLong(volume.value());
                out.putLong(0).putLong(0).putLong(epoch);
            }
        }
    }

    /** All entries that remain in the buffer. */
    static List<Mark> decode(ByteBuffer in) throws FormatException {
        if (in.remaining() % BYTES != 0) {
            throw new FormatException("marks of " + in.remaining() + " bytes");
        }
        List<Mark> marks = new ArrayList<>(in.remaining() / BYTES);
        while (in.hasRemaining()) {
            int kind = in.getInt() >>> 24;
            int index = in.getInt();
            VolumeId volume = new VolumeId(in.getLong());
            ExtentId extent = new ExtentId(in.getLong(), in.getLong());
            long number = in.getLong();
            marks.add(
                    switch (kind) {
                        case 1 -> new Delete(new ChunkKey(extent, volume, index), number);
                        case 2 -> new Epoch(volume, number);
                        default -> throw new FormatException("mark of unknown kind " + kind);
                    });
        }
        return marks;
    }
}
