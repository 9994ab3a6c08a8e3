package io.coffer.dataserver.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The bytes of docs/formats/disk-identity.md and segment.md. */
final class SegmentFormatTest {
    private static final DiskId DISK = new DiskId(new UUID(0x3132333435363738L, 0x4142434445464748L));
    private static final SegmentHeader SEGMENT =
            new SegmentHeader(SegmentHeader.Kind.DATA, 0x2a, 3, 0x0102030405060708L, 1 << 20, DISK, 7, 2);
    private static final ChunkKey KEY =
            new ChunkKey(new ExtentId(0x1112131415161718L, 0x2122232425262728L), new VolumeId(7), 2);
    private static final RecordHeader CHUNK = new RecordHeader(
            new RecordPlace(0x2a, 3, 0x5000),
            0x0102030405060708L,
            0x99,
            0x98,
            new RecordContent.Chunk(KEY, 5, 0x97, new ProtectionScheme.ErasureCoded(4, 2), 0x30000),
            RecordLayout.dataOffset(70_000),
            70_000);

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    private static byte[] bytes(ByteBuffer buffer, int from, int to) {
        byte[] bytes = new byte[to - from];
        buffer.get(from, bytes);
        return bytes;
    }

    private static int crc(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    @Test
    void theDiskIdentity() throws Exception {
        DiskIdentity identity = new DiskIdentity(
                new ClusterId(new UUID(0x1112131415161718L, 0x191a1b1c1d1e1f20L)),
                new NodeId(new UUID(0x2122232425262728L, 0x292a2b2c2d2e2f30L)),
                DISK,
                0x018bcfe568000000L);
        byte[] golden = Arrays.copyOf(hex("""
                434f46524449534b 00000001 00000000
                1112131415161718 191a1b1c1d1e1f20
                2122232425262728 292a2b2c2d2e2f30
                3132333435363738 4142434445464748
                018bcfe568000000"""), 128);
        ByteBuffer.wrap(golden).putInt(124, crc(Arrays.copyOf(golden, 124)));
        assertThat(identity.encode()).isEqualTo(golden);
        assertThat(HexFormat.of().formatHex(golden, 124, 128)).isEqualTo("9df4d148");
        assertThat(DiskIdentity.decode(golden)).isEqualTo(identity);
    }

    @Test
    void aNewerDiskIdentityIsRefusedByItsVersion() {
        byte[] newer = new DiskIdentity(new ClusterId(new UUID(1, 2)), new NodeId(new UUID(3, 4)), DISK, 5).encode();
        ByteBuffer.wrap(newer).putInt(8, 2);
        ByteBuffer.wrap(newer).putInt(124, crc(Arrays.copyOf(newer, 124)));
        assertThatThrownBy(() -> DiskIdentity.decode(newer))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("version 2");
    }

    @Test
    void theSegmentHeader() throws Exception {
        ByteBuffer encoded = SEGMENT.encode();
        assertThat(encoded.remaining()).isEqualTo(4096);
        assertThat(bytes(encoded, 0, 76)).isEqualTo(hex("""
                        434f46525345474d 0001 01 0000000000
                        000000000000002a 0000000000000003 0102030405060708 0000000000100000
                        3132333435363738 4142434445464748 0000000000000007 00000002"""));
        assertThat(bytes(encoded, 76, 124)).containsOnly(0);
        assertThat(encoded.getInt(124)).isEqualTo(crc(bytes(encoded, 0, 124)));
        assertThat(bytes(encoded, 128, 4096)).containsOnly(0);
        ByteBuffer copies = ByteBuffer.allocate(8192)
                .put(encoded.duplicate())
                .put(encoded.duplicate())
                .flip();
        assertThat(SegmentHeader.decode(copies)).contains(SEGMENT);
    }

    @Test
    void ofTwoSegmentHeadersTheNewerWholeOneCounts() throws Exception {
        SegmentHeader newer = new SegmentHeader(SegmentHeader.Kind.DATA, 0x2a, 4, 9, 1 << 20, DISK, 0, 0);
        ByteBuffer copies = ByteBuffer.allocate(8192)
                .put(newer.encode())
                .put(SEGMENT.encode())
                .flip();
        assertThat(SegmentHeader.decode(copies)).contains(newer);
        copies.put(30, (byte) 77);
        assertThat(SegmentHeader.decode(copies)).contains(SEGMENT);
        copies.put(4096 + 30, (byte) 77);
        assertThat(SegmentHeader.decode(copies)).isEmpty();
    }

    @Test
    void theChunkRecord() throws Exception {
        ByteBuffer encoded = ByteBuffer.allocate(8192);
        int[] table = {0x0a0b0c0d, 0x1a1b1c1d};
        CHUNK.encode(encoded, table);
        assertThat(encoded.position()).isEqualTo(256 + 12);
        assertThat(bytes(encoded, 0, 128)).isEqualTo(hex("""
                        434f465252454344 0001 01 02 0004 0002
                        000000000000002a 0000000000000003 0102030405060708 0000000000005000
                        0000000000000099 0000000000000098 0000000000000097
                        0000000000000007 0000000000000005
                        1112131415161718 2122232425262728
                        00000002 00001000 0000000000011170 0000000000030000"""));
        assertThat(bytes(encoded, 128, 252)).containsOnly(0);
        assertThat(encoded.getInt(252)).isEqualTo(crc(bytes(encoded, 0, 252)));
        assertThat(bytes(encoded, 256, 264)).isEqualTo(hex("0a0b0c0d1a1b1c1d"));
        assertThat(encoded.getInt(264)).isEqualTo(crc(bytes(encoded, 252, 264)));
        ByteBuffer in = encoded.duplicate().flip();
        assertThat(RecordHeader.decode(in, SEGMENT, 0x5000)).contains(CHUNK);
        assertThat(in.position()).isEqualTo(256);
        assertThat(BlockTable.decode(in, RecordHeader.checksum(encoded, 0), 70_000))
                .isEqualTo(table);
    }

    @Test
    void theReplicatedScheme() throws Exception {
        RecordHeader header = new RecordHeader(
                new RecordPlace(0x2a, 3, 0x5000),
                SEGMENT.stamp(),
                1,
                0,
                new RecordContent.Chunk(KEY, 5, 1, new ProtectionScheme.Replicated(3), 100),
                RecordLayout.dataOffset(100),
                100);
        ByteBuffer encoded = ByteBuffer.allocate(4096);
        header.encode(encoded, new int[] {1});
        assertThat(bytes(encoded, 10, 16)).isEqualTo(hex("01 01 0003 0000"));
        assertThat(RecordHeader.decode(encoded.flip(), SEGMENT, 0x5000)).contains(header);
    }

    @Test
    void aRecordBelongsToItsPlaceAndGeneration() throws Exception {
        ByteBuffer encoded = ByteBuffer.allocate(4096);
        CHUNK.encode(encoded, new int[] {1, 2});
        encoded.flip();
        List<SegmentHeader> others = List.of(
                new SegmentHeader(SegmentHeader.Kind.DATA, 0x2b, 3, SEGMENT.stamp(), 1 << 20, DISK, 7, 2),
                new SegmentHeader(SegmentHeader.Kind.DATA, 0x2a, 4, SEGMENT.stamp(), 1 << 20, DISK, 7, 2),
                new SegmentHeader(SegmentHeader.Kind.DATA, 0x2a, 3, SEGMENT.stamp() + 1, 1 << 20, DISK, 7, 2));
        for (SegmentHeader other : others) {
            assertThat(RecordHeader.decode(encoded.duplicate(), other, 0x5000)).isEmpty();
        }
        assertThat(RecordHeader.decode(encoded.duplicate(), SEGMENT, 0x6000)).isEmpty();
        assertThat(RecordHeader.decode(encoded.duplicate(), SEGMENT, 0x5000)).isPresent();
    }

    @Test
    void everyDamagedByteOfARecordsHeadIsFound() throws Exception {
        ByteBuffer encoded = ByteBuffer.allocate(4096);
        CHUNK.encode(encoded, new int[] {1, 2});
        for (int at = 0; at < 268; at++) {
            ByteBuffer damaged = ByteBuffer.allocate(4096).put(encoded.array()).flip();
            damaged.put(at, (byte) (damaged.get(at) ^ 0x10));
            var header = RecordHeader.decode(damaged, SEGMENT, 0x5000);
            boolean tableRead =
                    header.isPresent() && BlockTable.decode(damaged, RecordHeader.checksum(damaged, 0), 70_000) != null;
            assertThat(tableRead).as("byte %d", at).isFalse();
        }
    }

    @Test
    void shortRecordsAreTightAndLongOnesAligned() {
        assertThat(RecordLayout.dataOffset(0)).isEqualTo(272);
        assertThat(RecordLayout.recordBytes(0)).isEqualTo(4096);
        assertThat(RecordLayout.dataOffset(16_384)).isEqualTo(272);
        assertThat(RecordLayout.recordBytes(16_384)).isEqualTo(20_480);
        assertThat(RecordLayout.recordBytes(65_536)).isEqualTo(69_632);
        assertThat(RecordLayout.dataOffset(65_537)).isEqualTo(4096);
        assertThat(RecordLayout.recordBytes(1 << 20)).isEqualTo((1 << 20) + 4096);
        assertThat(RecordLayout.dataOffset(64 << 20)).isEqualTo(8192);
        assertThat(RecordLayout.recordBytes(64 << 20)).isEqualTo((64 << 20) + 8192);
    }

    @Test
    void theMarks() throws Exception {
        List<Mark> marks = List.of(new Mark.Delete(KEY, 0x97), new Mark.Epoch(new VolumeId(9), 12));
        ByteBuffer encoded = ByteBuffer.allocate(80);
        marks.forEach(mark -> mark.encode(encoded));
        assertThat(encoded.array()).isEqualTo(hex("""
                        01 000000 00000002 0000000000000007 1112131415161718 2122232425262728 0000000000000097
                        02 000000 00000000 0000000000000009 0000000000000000 0000000000000000 000000000000000c"""));
        assertThat(Mark.decode(encoded.flip())).isEqualTo(marks);
        RecordHeader header = new RecordHeader(
                new RecordPlace(0x2a, 3, 0x5000), SEGMENT.stamp(), 8, 7, new RecordContent.Marks(), 272, 80);
        ByteBuffer record = ByteBuffer.allocate(4096);
        header.encode(record, new int[] {5});
        assertThat(bytes(record, 8, 16)).isEqualTo(hex("0001 02 0000000000"));
        assertThat(bytes(record, 64, 128))
                .isEqualTo(hex("00".repeat(44) + "00000110 0000000000000050 0000000000000000"));
        assertThat(RecordHeader.decode(record.flip(), SEGMENT, 0x5000)).contains(header);
    }

    @Test
    void theChunkEntry() throws Exception {
        ChunkEntry entry = new ChunkEntry(
                ChunkEntry.State.CORRUPT,
                new ProtectionScheme.ErasureCoded(4, 2),
                new RecordPlace(0x2a, 3, 0x5000),
                0x97,
                5,
                70_000,
                0x30000,
                4096,
                new int[] {0x0a0b0c0d, 0x1a1b1c1d});
        byte[] golden = hex("""
                01 02 02 02 0004 0002
                000000000000002a 0000000000000003 0000000000005000
                0000000000000097 0000000000000005 0000000000011170 0000000000030000
                00001000 0a0b0c0d 1a1b1c1d""");
        assertThat(entry.encode()).isEqualTo(golden);
        assertThat(ChunkEntry.decode(golden)).usingRecursiveComparison().isEqualTo(entry);
        assertThat(IndexKeys.chunk(KEY))
                .isEqualTo(hex("43 1112131415161718 2122232425262728 0000000000000007 00000002"));
        assertThat(IndexKeys.chunk(IndexKeys.chunk(KEY))).isEqualTo(KEY);
    }

    @Test
    void theOtherIndexEntries() throws Exception {
        SegmentEntry segment = new SegmentEntry(
                0x2a, SegmentHeader.Kind.MARKS, 3, 7, 2, 0x100000, true, 0x6000, 0x11, 0x12, 0x13, 0x14);
        byte[] goldenSegment = hex("""
                01 02 01 00 00000002 0000000000000003 0000000000000007 0000000000100000 0000000000006000
                0000000000000011 0000000000000012 0000000000000013 0000000000000014""");
        assertThat(segment.encode()).isEqualTo(goldenSegment);
        assertThat(SegmentEntry.decode(0x2a, goldenSegment)).isEqualTo(segment);

        DeadRecord dead = new DeadRecord(9, new RecordPlace(0x2a, 3, 0x5000), 0x2000);
        byte[] goldenDead = hex("000000000000002a 0000000000000003 0000000000005000 0000000000002000");
        assertThat(dead.encode()).isEqualTo(goldenDead);
        assertThat(DeadRecord.decode(9, goldenDead)).isEqualTo(dead);
        assertThat(IndexKeys.numbered(IndexKeys.DEAD, 9)).isEqualTo(hex("44 0000000000000009"));

        IndexCounters counters = new IndexCounters(true, 1, 2, 3, 4);
        byte[] goldenCounters =
                hex("01 01 000000000000 0000000000000001 0000000000000002 0000000000000003 0000000000000004");
        assertThat(counters.encode()).isEqualTo(goldenCounters);
        assertThat(IndexCounters.decode(goldenCounters)).isEqualTo(counters);
    }
}
