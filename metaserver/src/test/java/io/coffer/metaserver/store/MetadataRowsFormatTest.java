package io.coffer.metaserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.Member;
import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.cluster.RemovedNode;
import io.coffer.common.cluster.Volume;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.AccessControlList;
import io.coffer.common.metadata.Account;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.JoinToken;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.model.Allocators;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.DiskReport;
import io.coffer.metaserver.model.PartLayout;
import io.coffer.metaserver.model.ReleaseTask;
import io.coffer.metaserver.model.Retired;
import io.coffer.metaserver.model.StoredAccount;
import io.coffer.metaserver.model.StoredAssembly;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredExtent;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredPartition;
import io.coffer.metaserver.model.StoredPiece;
import io.coffer.metaserver.model.StoredPurge;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredToken;
import io.coffer.metaserver.model.StoredUpload;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.metaserver.model.Usage;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Golden bytes of {@code docs/formats/metadata-rows.md}: a row that was ever written is read for ever. */
@NullMarked
class MetadataRowsFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final BucketId BUCKET = new BucketId(7);
    private static final UploadId UPLOAD = new UploadId(0x0123456789abcdefL, 0x1122334455667788L);
    private static final ExtentId EXTENT = new ExtentId(0x0199c82cc0001234L, 0x55aa55aa55aa55aaL);
    private static final AccountId OWNER = new AccountId("000123456789");
    private static final String MD5 = "d41d8cd98f00b204e9800998ecf8427e";
    private static final long SEQUENCE = 1_760_000_000_000_001L;
    private static final ExtentSlice WHOLE =
            new ExtentSlice(EXTENT, new VolumeId(5), new GroupId(1), 1 << 20, 0, 1 << 20);
    private static final UUID ID = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");

    private static final PartitionSettings LOCKED = new PartitionSettings(
            Versioning.ENABLED,
            new ObjectLock(true, new ObjectLock.DefaultRetention(RetentionMode.COMPLIANCE, 0, 7)),
            6);

    /** A row's value and its bytes. */
    private record Golden<V>(String name, Table<V> table, V value, String hex) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden<?>> rows() {
        return Stream.of(
                new Golden<>("clock", Tables.NUMBERS, SEQUENCE, "000640b5eece0001"),
                new Golden<>(
                        "applied request",
                        Tables.REQUESTS,
                        new Outcome.Applied(new Reply.PutReply(new VersionId(SEQUENCE), true, 1_760_000_000_000L)),
                        "0a160a145a12090100ceeeb54006001001188080b3c19c33"),
                new Golden<>("present", Tables.DUE_RELEASES, true, ""),
                new Golden<>("allocators", Tables.ALLOCATORS, new Allocators(3, 4, 5, 300), "08031004180520ac02"),
                new Golden<>(
                        "account",
                        Tables.ACCOUNTS,
                        new StoredAccount(
                                new Account(OWNER, "c0ffee", "root", "r@example.com", true, true, 1_760_000_000_000L),
                                2),
                        "0a2d08959aef3a12066330666665651a04726f6f74220d72406578616d706c652e636f6d28013001388080b3c19c331002"),
                new Golden<>(
                        "bucket",
                        Tables.BUCKETS,
                        new StoredBucket(
                                new Bucket(
                                        BUCKET,
                                        "Photos",
                                        OWNER,
                                        "eu-west-1",
                                        1_760_000_000_000L,
                                        Bucket.State.ACTIVE,
                                        Versioning.ENABLED,
                                        "replica-3",
                                        List.of(new Partition(new PartitionId(3), "", "", new GroupId(1), 1))),
                                "photos"),
                        "0a380807120650686f746f7318959aef3a220965752d776573742d31288080b3c19c333001380142097265706c6963612d334a06080320012801120670686f746f73"),
                new Golden<>(
                        "bucket with settings",
                        Tables.BUCKETS,
                        new StoredBucket(
                                new Bucket(
                                        BUCKET,
                                        "b",
                                        OWNER,
                                        "r",
                                        1,
                                        Bucket.State.ACTIVE,
                                        "",
                                        List.of(),
                                        new BucketSettings(
                                                LOCKED,
                                                ObjectOwnership.OBJECT_WRITER,
                                                new PublicAccessBlock(true, false, true, false),
                                                true,
                                                null,
                                                Map.of(DocumentKind.ACL, 8L, DocumentKind.POLICY, 9L),
                                                9,
                                                5)),
                                "b"),
                        "0a3b080712016218959aef3a22017228013001380152260809100518062208080112040801180728023204080118013801420408011009420408051008120162"),
                new Golden<>(
                        "document of a bucket",
                        Tables.BUCKET_DOCUMENTS,
                        new Reply.BucketDocumentReply(9, ByteBuffer.wrap(new byte[] {1, 2})),
                        "080912020102"),
                new Golden<>(
                        "node",
                        Tables.NODES,
                        new Node(
                                new NodeId(ID),
                                Node.Role.METASERVER,
                                "meta-1",
                                "a/1/x",
                                "x:1",
                                "x:2",
                                Node.State.LOST,
                                true),
                        "0a1209776655443322110011ffeeddccbbaa99881205612f312f781a03783a3120012a066d6574612d313203783a3238024001"),
                new Golden<>(
                        "disk",
                        Tables.DISKS,
                        new Disk(new DiskId(ID), new NodeId(ID), "/d", Disk.State.READ_ONLY, 1 << 20, 77),
                        "0a1209776655443322110011ffeeddccbbaa9988121209776655443322110011ffeeddccbbaa99881a022f64200128808040304d"),
                new Golden<>(
                        "volume",
                        Tables.VOLUMES,
                        new Volume(
                                new VolumeId(5),
                                9,
                                "replica-2",
                                new ProtectionScheme.Replicated(2),
                                Volume.State.READ_ONLY,
                                List.of(
                                        new Member(new NodeId(ID), new DiskId(ID)),
                                        new Member(
                                                new NodeId(ID),
                                                new DiskId(new UUID(1, 2)),
                                                1,
                                                new Member.Place(new NodeId(ID), new DiskId(new UUID(3, 4))),
                                                true))),
                        "080510091a097265706c6963612d3222020802280132280a1209776655443322110011ffeeddccbbaa9988121209776655443322110011ffeeddccbbaa998832540a1209776655443322110011ffeeddccbbaa998812120901000000000000001102000000000000001801221209776655443322110011ffeeddccbbaa99882a120903000000000000001104000000000000003001"),
                new Golden<>(
                        "metadata group",
                        Tables.GROUPS,
                        new MetadataGroup(new GroupId(2), List.of(new NodeId(ID), new NodeId(new UUID(1, 2)))),
                        "0802121209776655443322110011ffeeddccbbaa99881212090100000000000000110200000000000000"),
                new Golden<>(
                        "metadata group with a member behind",
                        Tables.GROUPS,
                        new MetadataGroup(new GroupId(2), List.of(new NodeId(ID)), true, List.of(new NodeId(ID))),
                        "0802121209776655443322110011ffeeddccbbaa9988180122120977665544332211"
                                + "0011ffeeddccbbaa9988"),
                new Golden<>(
                        "removed node",
                        Tables.REMOVED_NODES,
                        new RemovedNode(new NodeId(ID), 1_760_000_000_000L),
                        "0a1209776655443322110011ffeeddccbbaa9988108080b3c19c33"),
                new Golden<>("member marks", Tables.MEMBER_MARKS, 7L, "0000000000000007"),
                new Golden<>(
                        "disk report",
                        Tables.DISK_REPORTS,
                        new DiskReport(300, 1_760_000_000_000L),
                        "08ac02108080b3c19c33"),
                new Golden<>(
                        "join token",
                        Tables.TOKENS,
                        new JoinToken(
                                "t1",
                                Node.Role.GATEWAY,
                                ByteBuffer.wrap(new byte[] {1, 2}),
                                1_760_000_000_000L,
                                new NodeId(ID),
                                ByteBuffer.wrap(new byte[] {3})),
                        "0a02743110021a020102208080b3c19c332a1209776655443322110011ffeeddccbbaa9988320103"),
                new Golden<>(
                        "document",
                        Tables.DOCUMENTS,
                        new Reply.DocumentReply("authority", 3, ByteBuffer.wrap(new byte[] {1, 2})),
                        "0a09617574686f7269747910031a020102"),
                new Golden<>(
                        "partition",
                        Tables.PARTITIONS,
                        new StoredPartition(
                                BUCKET,
                                new Partition(new PartitionId(3), "a", "b", new GroupId(1), 2),
                                true,
                                99,
                                PartitionSettings.UNTOLD),
                        "0807120c08031201611a01622001280218012063"),
                new Golden<>(
                        "partition with settings",
                        Tables.PARTITIONS,
                        new StoredPartition(
                                BUCKET, new Partition(new PartitionId(3), "", "", new GroupId(1), 1), false, 0, LOCKED),
                        "080712060803200128012a0e0801120808011204080118071806"),
                new Golden<>(
                        "counters", Tables.COUNTERS, new Usage(1, 2, 3, 4, 500, 600), "080110021803200428f40330d804"),
                new Golden<>(
                        "inline version",
                        Tables.OBJECTS,
                        inline(),
                        "090100ceeeb5400600100120959aef3a2a10d41d8cd98f00b204e9800998ecf8427e3003420a080210011a04000000014a0b5354414e444152445f494152250a130a0c636f6e74656e742d747970651203612f6212060a016112013212060a017a120131590200ceeeb5400600"),
                new Golden<>(
                        "locked version with tags",
                        Tables.VERSIONS,
                        inline().withAttributes(new ObjectAttributes(
                                Map.of(),
                                Map.of(),
                                Map.of("b", "2", "a", "1"),
                                new VersionLock(RetentionMode.COMPLIANCE, 1_900_000_000_000L, true),
                                null)),
                        "090100ceeeb5400600100120959aef3a2a10d41d8cd98f00b204e9800998ecf8427e3003420a080210011a0400000001521d1a060a01611201311a060a0162120132220b08011080f0cc86a6371801590200ceeeb5400600"),
                new Golden<>(
                        "version with an access control list",
                        Tables.VERSIONS,
                        inline().withAttributes(ObjectAttributes.EMPTY.withAcl(new AccessControlList(List.of(
                                new AccessControlList.Grant(
                                        new AccessControlList.Grantee.User("c"), AccessControlList.Permission.READ),
                                new AccessControlList.Grant(
                                        new AccessControlList.Grantee.AllUsers(),
                                        AccessControlList.Permission.FULL_CONTROL))))),
                        "090100ceeeb5400600100120959aef3a2a10d41d8cd98f00b204e9800998ecf8427e3003420a080210011a0400000001520f2a0d0a050a016318010a0410011805590200ceeeb5400600"),
                new Golden<>(
                        "extent version",
                        Tables.VERSIONS,
                        runs(),
                        "090100ceeeb540060020959aef3a30948040621e0a1c0a1209341200c02cc8990111aa55aa55aa55aa55100518012080804062220a200a1209341200c02cc8990111aa55aa55aa55aa551005180120808040280a3014720a6f746865722d666f726d"),
                new Golden<>(
                        "assembled version",
                        Tables.OBJECTS,
                        assembled(),
                        "090100ceeeb540060020959aef3a2a10d41d8cd98f00b204e9800998ecf8427e309180c0a5c30138904e6a1209efcdab8967452301118877665544332211"),
                new Golden<>(
                        "chained version",
                        Tables.OBJECTS,
                        chained(),
                        "090100ceeeb540060020959aef3a30838040722264343164386364393866303062323034653938303039393865636638343237652d32ca010f090000ceeeb5400600108380401802"),
                new Golden<>(
                        "piece",
                        Tables.PIECES,
                        new StoredPiece(3, new Content.Runs(List.of(new StoredRun.InExtent(WHOLE))), 1),
                        "0803121e0a1c0a1209341200c02cc8990111aa55aa55aa55aa5510051801208080402001"),
                new Golden<>(
                        "piece of parts",
                        Tables.PIECES,
                        new StoredPiece(0, new Content.Assembly(UPLOAD), 0),
                        "1a1209efcdab8967452301118877665544332211"),
                new Golden<>(
                        "client token",
                        Tables.CLIENT_TOKENS,
                        new StoredToken(
                                ByteBuffer.wrap(new byte[] {1, 2}),
                                new Reply.PutReply(new VersionId(SEQUENCE), true, 1_760_000_000_000L)),
                        "0a0201021212090100ceeeb54006001001188080b3c19c33"),
                new Golden<>(
                        "purge",
                        Tables.PURGES,
                        new StoredPurge(1_760_000_000_000L, 2, 3, 4, true),
                        "088080b3c19c331002180320042801"),
                new Golden<>(
                        "retired chain",
                        Tables.RETIRED,
                        new Retired(BUCKET, "a", new Content.Chain(SEQUENCE - 1, 3, 1)),
                        "08071201612a0d090000ceeeb540060010031801"),
                new Golden<>(
                        "delete marker",
                        Tables.VERSIONS,
                        StoredVersion.deleteMarker(SEQUENCE, true, OWNER),
                        "090100ceeeb54006001001180120959aef3a"),
                new Golden<>("null version", Tables.NULL_VERSIONS, SEQUENCE, "090100ceeeb5400600"),
                new Golden<>("newest marker", Tables.MARKERS, SEQUENCE, "090100ceeeb5400600"),
                new Golden<>(
                        "upload",
                        Tables.UPLOADS,
                        new StoredUpload(
                                SEQUENCE,
                                OWNER,
                                OWNER,
                                new ObjectAttributes(Map.of("content-type", "a/b"), Map.of()),
                                ChecksumAlgorithm.CRC64NVME,
                                StoredChecksum.Type.FULL_OBJECT,
                                2,
                                10_485_760),
                        "090100ceeeb540060010959aef3a1a150a130a0c636f6e74656e742d747970651203612f622003280130023880808005"),
                new Golden<>(
                        "upload for somebody else",
                        Tables.UPLOADS,
                        new StoredUpload(
                                SEQUENCE,
                                OWNER,
                                new AccountId("000000000001"),
                                new ObjectAttributes(Map.of("content-type", "a/b"), Map.of()),
                                ChecksumAlgorithm.CRC64NVME,
                                StoredChecksum.Type.FULL_OBJECT,
                                2,
                                10_485_760),
                        "090100ceeeb540060010959aef3a1a150a130a0c636f6e74656e742d747970651203612f6220032801300238808080054001"),
                new Golden<>(
                        "part",
                        Tables.PARTS,
                        new StoredPart(
                                MD5,
                                1 << 20,
                                1_760_000_000_000L,
                                new StoredChecksum(
                                        ChecksumAlgorithm.CRC32, StoredChecksum.Type.FULL_OBJECT, "AAAAAQ=="),
                                new Content.Runs(List.of(new StoredRun.InExtent(WHOLE)))),
                        "0a10d41d8cd98f00b204e9800998ecf8427e10808040188080b3c19c33220a080110011a04000000012a1e0a1c0a1209341200c02cc8990111aa55aa55aa55aa551005180120808040"),
                new Golden<>(
                        "assembly",
                        Tables.ASSEMBLIES,
                        new StoredAssembly(
                                1,
                                new PartLayout(List.of(
                                        new PartLayout.Group(1, 9999, 5 << 20), new PartLayout.Group(10_000, 1, 17))),
                                BUCKET,
                                "a/b",
                                new Reply.CompleteReply(
                                        new VersionId(SEQUENCE), false, MD5 + "-10000", 52_423_557_137L, 1, null)),
                        "0801120a0801108f4e188080c002120708904e1001181118072203612f622a3a090100ceeeb54006001a2664343164386364393866303062323034653938303039393865636638343237652d3130303030209180c0a5c3012801"),
                new Golden<>(
                        "extent", Tables.EXTENTS, new StoredExtent(new VolumeId(5), 1 << 20, 2, 0), "0805108080401802"),
                new Golden<>(
                        "retired",
                        Tables.RETIRED,
                        new Retired(
                                BUCKET,
                                "a",
                                new Content.Runs(List.of(
                                        new StoredRun.InExtent(WHOLE.cut(10, 20)),
                                        new StoredRun.InlineRow(SEQUENCE, 3)))),
                        "08071201611a220a200a1209341200c02cc8990111aa55aa55aa55aa551005180120808040280a30141a0b110100ceeeb54006001803"),
                new Golden<>(
                        "due extent",
                        Tables.DUE_EXTENTS,
                        WHOLE,
                        "0a1209341200c02cc8990111aa55aa55aa55aa551005180120808040"));
    }

    private static StoredVersion inline() {
        return new StoredVersion(
                SEQUENCE,
                true,
                false,
                OWNER,
                MD5,
                3,
                0,
                new StoredChecksum(ChecksumAlgorithm.CRC32C, StoredChecksum.Type.FULL_OBJECT, "AAAAAQ=="),
                new ObjectAttributes(
                        Map.of("content-type", "a/b", "x-amz-storage-class", "STANDARD_IA"),
                        Map.of("z", "1", "a", "2")),
                new Content.Runs(List.of(new StoredRun.InlineRow(SEQUENCE + 1, 3))));
    }

    private static StoredVersion runs() {
        return new StoredVersion(
                SEQUENCE,
                false,
                false,
                OWNER,
                "other-form",
                (1 << 20) + 20,
                0,
                null,
                ObjectAttributes.EMPTY,
                new Content.Runs(List.of(new StoredRun.InExtent(WHOLE), new StoredRun.InExtent(WHOLE.cut(10, 20)))));
    }

    private static StoredVersion assembled() {
        return new StoredVersion(
                SEQUENCE,
                false,
                false,
                OWNER,
                MD5 + "-10000",
                52_423_557_137L,
                10_000,
                null,
                ObjectAttributes.EMPTY,
                new Content.Assembly(UPLOAD));
    }

    private static StoredVersion chained() {
        return new StoredVersion(
                SEQUENCE,
                false,
                false,
                OWNER,
                MD5 + "-2",
                (1 << 20) + 3,
                0,
                null,
                ObjectAttributes.EMPTY,
                new Content.Chain(SEQUENCE - 1, (1 << 20) + 3, 2));
    }

    @ParameterizedTest
    @MethodSource("rows")
    <V> void aValueHasItsBytes(Golden<V> golden) {
        assertThat(HEX.formatHex(golden.table().codec().encode(golden.value()))).isEqualTo(golden.hex());
    }

    @ParameterizedTest
    @MethodSource("rows")
    <V> void theBytesAreReadAsTheValue(Golden<V> golden) {
        assertThat(golden.table().codec().decode(HEX.parseHex(golden.hex()))).isEqualTo(golden.value());
    }

    @Test
    void aRefusalIsRemembered() {
        byte[] row = Tables.REQUESTS
                .codec()
                .encode(new Outcome.Refused(new RefusedException(Refusal.PRECONDITION_FAILED, "x")));
        assertThat(HEX.formatHex(row)).isEqualTo("0a071205080f120178");
        assertThat(Tables.REQUESTS.codec().decode(row)).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
            assertThat(refused.why().refusal()).isEqualTo(Refusal.PRECONDITION_FAILED);
            assertThat(refused.why().detail()).isEqualTo("x");
        });
    }

    @Test
    void aSummaryIsAVersionWithoutWhatListingsDoNotShow() {
        StoredVersion summary =
                Tables.OBJECT_SUMMARIES.decoder().decode(Tables.OBJECTS.codec().encode(inline()));
        assertThat(summary.attributes())
                .isEqualTo(new ObjectAttributes(Map.of("x-amz-storage-class", "STANDARD_IA"), Map.of()));
        assertThat(summary.content()).isEqualTo(Content.EMPTY);
        assertThat(summary.checksum()).isEqualTo(inline().checksum());
        assertThat(summary.etag()).isEqualTo(MD5);
    }

    @Test
    void keysHaveTheirBytes() {
        assertKey(Keys.object(BUCKET, "a\u0000é"), "000000000000000761" + "00" + "c3a9");
        assertKey(
                Keys.version(BUCKET, Keys.utf8("a\u0000b"), SEQUENCE),
                "0000000000000007" + "61" + "00ff" + "62" + "0001" + "fff9bf4a1131fffe");
        assertKey(
                Keys.upload(BUCKET, Keys.utf8("a"), UPLOAD),
                "0000000000000007" + "61" + "0001" + "0123456789abcdef" + "1122334455667788");
        assertKey(Keys.part(UPLOAD, 10_000), "0123456789abcdef" + "1122334455667788" + "00002710");
        assertKey(Keys.extent(EXTENT), "0199c82cc0001234" + "55aa55aa55aa55aa");
        assertKey(Keys.request(new RequestId(1, 2)), "0000000000000001" + "0000000000000002");
        assertKey(Keys.requestsFrom(0x1234), "0000000012340000" + "0000000000000000");
        assertKey(Keys.dueExtent(5, EXTENT), "01" + "0000000000000005" + "0199c82cc0001234" + "55aa55aa55aa55aa");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.RetiredContent(9)),
                "02" + "0000000000000005" + "01" + "0000000000000009");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.UploadParts(UPLOAD)),
                "02" + "0000000000000005" + "02" + "0123456789abcdef" + "1122334455667788");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.AssemblyParts(UPLOAD)),
                "02" + "0000000000000005" + "03" + "0123456789abcdef" + "1122334455667788");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.PartitionUploads(new PartitionId(9))),
                "02" + "0000000000000005" + "04" + "0000000000000009");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.ChainEnd(9, 10)),
                "02" + "0000000000000005" + "05" + "0000000000000009" + "000000000000000a");
        assertKey(
                Keys.dueRelease(5, new ReleaseTask.ClientTokenRow(9, 10)),
                "02" + "0000000000000005" + "06" + "0000000000000009" + "000000000000000a");
        assertKey(Keys.purge(BUCKET), "70" + "0000000000000007");
        assertKey(Keys.clientToken(9, 10), "0000000000000009" + "000000000000000a");
        assertKey(Keys.piece(SEQUENCE, 9), "000640b5eece0001" + "0000000000000009");
        assertKey(Tables.RELEASES_HEAD, HEX.formatHex("releases_head".getBytes()));
        assertKey(Tables.EXTENTS_HEAD, HEX.formatHex("extents_head".getBytes()));
        assertKey(Keys.account(OWNER), HEX.formatHex("a000123456789".getBytes()));
        assertKey(Keys.bucketById(BUCKET), "69" + "0000000000000007");
        assertKey(Keys.disk(new DiskId(ID)), "64" + "00112233445566778899aabbccddeeff");
        assertKey(Keys.node(new NodeId(ID)), "6e" + "00112233445566778899aabbccddeeff");
        assertKey(Keys.volume(new VolumeId(2)), "76" + "0000000000000002");
    }

    private static void assertKey(byte[] key, String hex) {
        assertThat(HEX.formatHex(key)).isEqualTo(hex);
    }

    @Test
    void familiesKeepTheirNames() {
        assertThat(Family.of(GroupKind.BUCKET).stream().map(Family::columnFamily))
                .containsExactlyInAnyOrder(
                        "default",
                        "requests",
                        "partitions",
                        "counters",
                        "objects",
                        "versions",
                        "null_versions",
                        "markers",
                        "inline",
                        "uploads",
                        "parts",
                        "assemblies",
                        "pieces",
                        "client_tokens",
                        "extents",
                        "retired",
                        "reclaim");
        assertThat(Family.of(GroupKind.SYSTEM).stream().map(Family::columnFamily))
                .containsExactlyInAnyOrder("default", "requests", "accounts", "access_keys", "buckets", "cluster");
    }

    @Test
    void damagedRowsAreRefused() {
        byte[] half = ByteBuffer.allocate(3).put(new byte[] {0x2a, 0x7f, 1}).array();
        assertThatThrownBy(() -> Tables.OBJECTS.codec().decode(half)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Tables.PARTS.codec().decode(half)).isInstanceOf(IllegalArgumentException.class);
    }
}
