package io.coffer.metaserver.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketEncryption;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.CommandBatchCodec;
import io.coffer.metaserver.model.Content;
import io.coffer.metaserver.model.StoredBucket;
import io.coffer.metaserver.model.StoredFence;
import io.coffer.metaserver.model.StoredPart;
import io.coffer.metaserver.model.StoredRun;
import io.coffer.metaserver.model.StoredVersion;
import io.coffer.proto.metadata.ValueMessages;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The bytes of rows and commands with encryption in them: docs/formats/metadata-rows.md, docs/formats/raft-log-entry.md. */
class EncryptedRowsFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final AccountId OWNER = new AccountId("000123456789");
    private static final BucketId BUCKET = new BucketId(7);
    private static final Seal SEAL = new Seal(ByteBuffer.wrap(new byte[] {1, 0, 9}));
    private static final ExtentSlice SLICE =
            new ExtentSlice(new ExtentId(1, 2), new VolumeId(5), new GroupId(1), 1016, 0, 1000, SEAL);
    private static final Encryption MANAGED =
            new Encryption(Encryption.Method.MANAGED_KEY, "arn", "{\"a\":\"b\"}", true, ByteBuffer.allocate(0));
    private static final Encryption CUSTOMERS =
            new Encryption(Encryption.Method.CUSTOMER_KEY, "", "", false, ByteBuffer.wrap(new byte[] {3, 4}));

    /** A row and its bytes. */
    record Golden<V>(String name, Table<V> table, V value, String hex) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden<?>> rows() {
        return Stream.of(
                new Golden<>(
                        "version in a sealed extent",
                        Tables.VERSIONS,
                        version(MANAGED, 1000, new StoredRun.InExtent(SLICE)),
                        "090100ceeeb540060020959aef3a2a10d41d8cd98f00b204e9800998ecf8427e30e807521632140802120361726e1a097b2261223a2262227d200162260a240a120901000000000000001102000000000000001005180120f80730e807a20103010009"),
                new Golden<>(
                        "version in sealed inline bytes, of which it is a part",
                        Tables.OBJECTS,
                        version(Encryption.STORE_KEY, 5, new StoredRun.InlineRow(9, 26, 3, 5, SEAL)),
                        "090100ceeeb540060020959aef3a2a10d41d8cd98f00b204e9800998ecf8427e300552043202080162171109000000000000001805a20103010009a80103b0011a"),
                new Golden<>(
                        "part with a customer's key",
                        Tables.PARTS,
                        new StoredPart(
                                "d41d8cd98f00b204e9800998ecf8427e",
                                1000,
                                1,
                                null,
                                new Content.Runs(List.of(new StoredRun.InExtent(SLICE)))),
                        "0a10d41d8cd98f00b204e9800998ecf8427e10e80718012a260a240a120901000000000000001102000000000000001005180120f80730e807a20103010009"),
                new Golden<>("fence", Tables.SEAL_FENCES, new StoredFence(3, 5), "08031005"),
                new Golden<>(
                        "bucket with encryption",
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
                                        BucketSettings.UNSET.with(new BucketSetting.Encrypted(new BucketEncryption(
                                                Encryption.Method.MANAGED_KEY,
                                                "alias/k",
                                                true,
                                                BucketEncryption.Blocked.CUSTOMER_KEYS_BLOCKED)))),
                                "b"),
                        "0a27080712016218959aef3a2201722801300152140801a2010f08021207616c6961732f6b18012002120162"));
    }

    private static StoredVersion version(Encryption encryption, long size, StoredRun run) {
        return new StoredVersion(
                1_760_000_000_000_001L,
                false,
                false,
                OWNER,
                "d41d8cd98f00b204e9800998ecf8427e",
                size,
                0,
                null,
                new ObjectAttributes(Map.of(), Map.of()).withEncryption(encryption),
                new Content.Runs(List.of(run)));
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

    private static final String GOLDEN_COMMANDS =
            "080112640a12090100000000000000110200000000000000124ec2064b0a0608071003180112016b18959aef3a220165"
                    + "28013a08320608032a020304422812260a240a120901000000000000001102000000000000001005180120f80730e807"
                    + "a201030100094a0012420a12090100000000000000110200000000000000122cc206290a0608071003180112016b1895"
                    + "9aef3a22016528013a0432020801420a0a020708a201030100094a0012200a1209010000000000000011020000000000"
                    + "0000120aea01070807a201022001121e0a120901000000000000001102000000000000001208ea01050807a80101";

    private static CommandBatch commands() {
        PartitionRef partition = new PartitionRef(BUCKET, new PartitionId(3), 1);
        return new CommandBatch(
                1,
                0,
                Stream.of(
                                put(partition, CUSTOMERS, new Payload.Extents(List.of(SLICE))),
                                put(
                                        partition,
                                        Encryption.STORE_KEY,
                                        new Payload.Inline(ByteBuffer.wrap(new byte[] {7, 8}), SEAL)),
                                new SystemCommand.SetBucketSetting(
                                        BUCKET,
                                        new BucketSetting.Encrypted(new BucketEncryption(
                                                null, "", false, BucketEncryption.Blocked.NOTHING_BLOCKED))),
                                new SystemCommand.SetBucketSetting(BUCKET, new BucketSetting.Encrypted(null)))
                        .map(command -> new CommandBatch.Envelope(new RequestId(1, 2), command))
                        .toList());
    }

    private static final String GOLDEN_RENEWALS =
            "0801122f0a120901000000000000001102000000000000001219e207160a120901000000000000001102000000000000"
                    + "00100212410a12090100000000000000110200000000000000122be207280a1209010000000000000011020000000000"
                    + "000010031a100805120205061a080a03010009120107";

    private static CommandBatch renewals() {
        UUID key = new UUID(1, 2);
        SealRenewal renewal = new SealRenewal(
                SealTable.PIECES,
                ByteBuffer.wrap(new byte[] {5, 6}),
                List.of(new SealRenewal.Pair(SEAL, new Seal(ByteBuffer.wrap(new byte[] {7})))));
        return new CommandBatch(
                1,
                0,
                Stream.of(
                                new BucketCommand.RenewSeals(key, 2, List.of()),
                                new BucketCommand.RenewSeals(key, 3, List.of(renewal)))
                        .map(command -> new CommandBatch.Envelope(new RequestId(1, 2), command))
                        .toList());
    }

    @Test
    void renewalsHaveTheirBytes() {
        assertThat(HEX.formatHex(CommandBatchCodec.encode(renewals()).array())).isEqualTo(GOLDEN_RENEWALS);
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN_RENEWALS))))
                .isEqualTo(renewals());
    }

    @Test
    void tablesKeepTheirNumbers() {
        assertThat(Arrays.stream(ValueMessages.SealTable.values())
                        .filter(table -> table != ValueMessages.SealTable.UNRECOGNIZED)
                        .map(table -> table.getNumber() + " " + table))
                .containsExactly("0 NO_TABLE", "1 OBJECTS", "2 VERSIONS", "3 UPLOADS", "4 PARTS", "5 PIECES");
    }

    private static BucketCommand.PutObject put(PartitionRef partition, Encryption encryption, Payload payload) {
        return new BucketCommand.PutObject(
                partition,
                "k",
                OWNER,
                "e",
                1,
                null,
                ObjectAttributes.EMPTY.withEncryption(encryption),
                payload,
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
    }

    @Test
    void commandsHaveTheirBytes() {
        assertThat(HEX.formatHex(CommandBatchCodec.encode(commands()).array())).isEqualTo(GOLDEN_COMMANDS);
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN_COMMANDS))))
                .isEqualTo(commands());
    }
}
