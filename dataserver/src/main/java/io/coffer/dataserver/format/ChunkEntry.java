package io.coffer.dataserver.format;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.DiskId;
import java.nio.ByteBuffer;

/**
 * What the index knows of a chunk. See docs/formats/chunk-index.md.
 *
 * @param checksums of the blocks, for chunks of few blocks; empty if they are in the record only
 */
@SuppressWarnings("ArrayRecordComponent") // written once, compared nowhere, and boxing would double the cache
public record ChunkEntry(
        State state,
        ProtectionScheme scheme,
        RecordPlace place,
        long version,
        long volumeEpoch,
        long length,
        long extentLength,
        int dataOffset,
        int[] checksums) {
    /** Chunks of at most so many blocks have their checksums in the index and are read with one call. */
    public static final int MAX_BLOCKS = 4;

    private static final int FIXED_BYTES = 68;
    private static final int VERSION = 1;

    /** Whether a chunk can be read. */
    public enum State {
        LIVE,
        /** Found bad; waits for repair. */
        CORRUPT
    }

    /** The entry of a record. */
    public static ChunkEntry of(RecordHeader header, RecordContent.Chunk chunk, State state, int[] blockChecksums) {
        return new ChunkEntry(
                state,
                chunk.scheme(),
                header.place(),
                chunk.version(),
                chunk.volumeEpoch(),
                header.length(),
                chunk.extentLength(),
                header.dataOffset(),
                blockChecksums.length <= MAX_BLOCKS ? blockChecksums : new int[0]);
    }

    public long recordBytes() {
        return RecordLayout.align(dataOffset + length);
    }

    public int blocks() {
        return BlockChecksums.blocksIn(length);
    }

    /** Whether the checksums must be read from the record. */
    public boolean needsTable() {
        return checksums.length != blocks();
    }

    public ChunkEntry withState(State other) {
        return new ChunkEntry(other, scheme, place, version, volumeEpoch, length, extentLength, dataOffset, checksums);
    }

    public ChunkDescriptor descriptor(ChunkKey key, DiskId disk, long epoch) {
        return new ChunkDescriptor(key.on(disk, epoch), scheme, length, extentLength);
    }

    public byte[] encode() {
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + Integer.BYTES * checksums.length);
        Scheme numbers = Scheme.of(scheme);
        out.put((byte) VERSION).put((byte) (state == State.LIVE ? 1 : 2));
        out.put((byte) numbers.kind()).put((byte) checksums.length);
        out.putShort((short) numbers.k()).putShort((short) numbers.m());
        out.putLong(place.segment()).putLong(place.generation()).putLong(place.offset());
        out.putLong(version).putLong(volumeEpoch).putLong(length).putLong(extentLength);
        out.putInt(dataOffset);
        for (int checksum : checksums) {
            out.putInt(checksum);
        }
        return out.array();
    }

    public static ChunkEntry decode(byte[] bytes) throws FormatException {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        if (bytes.length < FIXED_BYTES || in.get() != VERSION) {
            throw new FormatException("index entry of a chunk isn't readable");
        }
        State state = in.get() == 1 ? State.LIVE : State.CORRUPT;
        int kind = in.get();
        int[] checksums = new int[in.get()];
        if (bytes.length != FIXED_BYTES + Integer.BYTES * checksums.length) {
            throw new FormatException("index entry of a chunk has " + bytes.length + " bytes");
        }
        ProtectionScheme scheme = new Scheme(kind, in.getShort(), in.getShort()).toScheme();
        RecordPlace place = new RecordPlace(in.getLong(), in.getLong(), in.getLong());
        ByteBuffer table = in.slice(FIXED_BYTES, Integer.BYTES * checksums.length);
        for (int block = 0; block < checksums.length; block++) {
            checksums[block] = table.getInt();
        }
        return new ChunkEntry(
                state, scheme, place, in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getInt(), checksums);
    }
}
