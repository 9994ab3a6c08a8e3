package io.coffer.metaserver.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketSetting;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.ClientToken;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.ObjectOwnership;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.PublicAccessBlock;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.proto.metadata.CommandMessages;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Golden bytes of {@code docs/formats/raft-log-entry.md}. */
@NullMarked
class RaftLogEntryFormatTest {
    private static final HexFormat HEX = HexFormat.of();
    private static final AccountId OWNER = new AccountId("123456789012");
    private static final PartitionRef PARTITION = new PartitionRef(new BucketId(7), new PartitionId(3), 1);

    private static CommandBatch batch() {
        return new CommandBatch(
                1_760_000_000_000_001L,
                0,
                List.of(
                        new CommandBatch.Envelope(
                                new RequestId(1, 2),
                                new BucketCommand.PutObject(
                                        PARTITION,
                                        "a/b",
                                        OWNER,
                                        "d41d8cd98f00b204e9800998ecf8427e",
                                        3,
                                        new StoredChecksum(
                                                ChecksumAlgorithm.CRC32C, StoredChecksum.Type.FULL_OBJECT, "AAAAAQ=="),
                                        new ObjectAttributes(Map.of("content-type", "a/b"), Map.of("z", "1", "a", "2")),
                                        new Payload.Inline(ByteBuffer.wrap(new byte[] {1, 2, 3})),
                                        new WriteCondition(List.of(), List.of("*")),
                                        Versioning.ENABLED)),
                        new CommandBatch.Envelope(
                                new RequestId(3, 4),
                                new BucketCommand.DeleteObjects(
                                        PARTITION,
                                        List.of(new BucketCommand.DeleteTarget(
                                                "k",
                                                new VersionSelector.Exact(new VersionId(9)),
                                                WriteCondition.NONE,
                                                0,
                                                -1,
                                                false)),
                                        Versioning.SUSPENDED,
                                        OWNER)),
                        new CommandBatch.Envelope(
                                new RequestId(5, 6),
                                new BucketCommand.CompleteUpload(
                                        PARTITION,
                                        "k",
                                        new UploadId(7, 8),
                                        List.of(new BucketCommand.PartName(1, "e", null)),
                                        -1,
                                        null,
                                        WriteCondition.NONE,
                                        Versioning.UNVERSIONED)),
                        new CommandBatch.Envelope(
                                new RequestId(9, 10),
                                new SystemCommand.CreateBucket(
                                        "B", "b", OWNER, "us-east-1", "", Versioning.UNVERSIONED))));
    }

    private static final String GOLDEN =
            "088180b8f6de9690031297010a12090100000000000000110200000000000000128001c2067d0a060807100318011203"
                    + "612f621894b4e4f4cb03222064343164386364393866303062323034653938303039393865636638343237652803320e"
                    + "080210011a084141414141513d3d3a250a130a0c636f6e74656e742d747970651203612f6212060a016112013212060a"
                    + "017a12013142050a030102034a0312012a5001123e0a120903000000000000001104000000000000001228d206250a06"
                    + "08071003180112120a016b12091909000000000000001a00200018022094b4e4f4cb0312410a12090500000000000000"
                    + "110600000000000000122bea06280a0608071003180112016b1a12090700000000000000110800000000000000220508"
                    + "011201653a0012300a12090900000000000000110a00000000000000121a42180a01421201621894b4e4f4cb03220975"
                    + "732d656173742d31";

    @Test
    void aBatchHasItsBytes() {
        ByteBuffer bytes = CommandBatchCodec.encode(batch());
        assertThat(HEX.formatHex(bytes.array())).isEqualTo(GOLDEN);
    }

    @Test
    void theBytesAreReadAsTheBatch() {
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN))))
                .isEqualTo(batch());
    }

    private static CommandBatch conditionalDeletes() {
        return new CommandBatch(
                1,
                0,
                List.of(new CommandBatch.Envelope(
                        new RequestId(1, 2),
                        new BucketCommand.DeleteObjects(
                                PARTITION,
                                List.of(
                                        BucketCommand.DeleteTarget.newest("k", new VersionId(9)),
                                        BucketCommand.DeleteTarget.onlyNewest("k", new VersionId(9)),
                                        BucketCommand.DeleteTarget.notNewest("k", new VersionId(9))),
                                Versioning.ENABLED,
                                OWNER))));
    }

    private static final String GOLDEN_CONDITIONAL_DELETES =
            "080112700a12090100000000000000110200000000000000125ad206570a06080710031801120e0a016b1a00390900000000000000"
                    + "12190a016b12091909000000000000001a00390900000000000000"
                    + "12190a016b12091909000000000000001a00410900000000000000"
                    + "18012094b4e4f4cb03";

    @Test
    void deletesOnConditionHaveTheirBytes() {
        assertThat(HEX.formatHex(CommandBatchCodec.encode(conditionalDeletes()).array()))
                .isEqualTo(GOLDEN_CONDITIONAL_DELETES);
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN_CONDITIONAL_DELETES))))
                .isEqualTo(conditionalDeletes());
    }

    private static CommandBatch settings() {
        PartitionSettings locked = new PartitionSettings(
                Versioning.ENABLED,
                new ObjectLock(true, new ObjectLock.DefaultRetention(RetentionMode.GOVERNANCE, 30, 0)),
                2);
        BucketId bucket = new BucketId(7);
        return new CommandBatch(
                1,
                0,
                Stream.of(
                                new SystemCommand.CreateBucket(
                                        "b",
                                        "b",
                                        OWNER,
                                        "r",
                                        "",
                                        BucketSettings.UNSET.with(new BucketSetting.OwnershipControls(null))),
                                new SystemCommand.SetBucketSetting(
                                        bucket, new BucketSetting.Versions(Versioning.SUSPENDED)),
                                new SystemCommand.SetBucketSetting(bucket, new BucketSetting.Locks(locked.lock())),
                                new SystemCommand.SetBucketSetting(
                                        bucket,
                                        new BucketSetting.OwnershipControls(ObjectOwnership.BUCKET_OWNER_ENFORCED)),
                                new SystemCommand.SetBucketSetting(
                                        bucket,
                                        new BucketSetting.PublicAccess(
                                                new PublicAccessBlock(true, true, false, false))),
                                new SystemCommand.SetBucketSetting(bucket, new BucketSetting.PublicAccess(null)),
                                new SystemCommand.SetBucketSetting(bucket, new BucketSetting.AccelerationSuspended()),
                                new SystemCommand.SetBucketDocument(
                                        bucket, DocumentKind.CORS, ByteBuffer.wrap(new byte[] {1})),
                                new SystemCommand.SetBucketDocument(bucket, DocumentKind.LIFECYCLE, null),
                                new SystemCommand.NoteSettingsApplied(bucket, 2),
                                new BucketCommand.OpenPartition(
                                        bucket, new Partition(new PartitionId(3), "", "", new GroupId(1), 1), locked),
                                new BucketCommand.ApplySettings(bucket, new PartitionId(3), locked))
                        .map(command -> new CommandBatch.Envelope(new RequestId(1, 2), command))
                        .toList());
    }

    private static final String GOLDEN_SETTINGS =
            "0801122e0a12090100000000000000110200000000000000121842160a01621201621894b4e4f4cb032201723a040801"
                    + "2803121d0a120901000000000000001102000000000000001207ea01040807100212230a120901000000000000001102"
                    + "00000000000000120dea010a08071a0608011202101e121d0a120901000000000000001102000000000000001207ea01"
                    + "040807200012210a12090100000000000000110200000000000000120bea010808072a0408011001121d0a1209010000"
                    + "00000000001102000000000000001207ea010408073001121d0a120901000000000000001102000000000000001207ea"
                    + "01040807380112200a12090100000000000000110200000000000000120af20107080710021a0101121d0a1209010000"
                    + "00000000001102000000000000001207f2010408071004121d0a120901000000000000001102000000000000001207fa"
                    + "01040807100212310a12090100000000000000110200000000000000121baa0618080712060803200128011a0c080112"
                    + "0608011202101e1802122b0a1209010000000000000011020000000000000012158a0712080710031a0c080112060801"
                    + "1202101e1802";

    @Test
    void settingsHaveTheirBytes() {
        assertThat(HEX.formatHex(CommandBatchCodec.encode(settings()).array())).isEqualTo(GOLDEN_SETTINGS);
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN_SETTINGS))))
                .isEqualTo(settings());
    }

    private static CommandBatch appends() {
        ObjectCondition source = new ObjectCondition(List.of("e"), List.of(), 5, -1);
        ObjectCondition target = new ObjectCondition(List.of(), List.of("*"), -1, 6);
        ClientToken token = new ClientToken(1, 2, ByteBuffer.wrap(new byte[] {7, 8}));
        VersionId version = new VersionId(9);
        BucketId bucket = new BucketId(7);
        return new CommandBatch(
                1,
                0,
                Stream.of(
                                new BucketCommand.AppendObject(
                                        PARTITION,
                                        "k",
                                        OWNER,
                                        "e",
                                        3,
                                        List.of(new StoredChecksum(
                                                ChecksumAlgorithm.CRC32, StoredChecksum.Type.FULL_OBJECT, "AAAAAQ==")),
                                        true,
                                        new ObjectAttributes(Map.of(), Map.of("a", "1")),
                                        new Payload.Inline(ByteBuffer.wrap(new byte[] {1, 2, 3})),
                                        WriteCondition.NONE,
                                        Versioning.SUSPENDED,
                                        0),
                                new BucketCommand.ComposeObject(
                                        PARTITION,
                                        "k",
                                        OWNER,
                                        List.of(
                                                new BucketCommand.ComposeSource("a", VersionSelector.LATEST, ""),
                                                new BucketCommand.ComposeSource(
                                                        "b", new VersionSelector.Exact(version), "e")),
                                        ObjectAttributes.EMPTY,
                                        WriteCondition.NONE,
                                        Versioning.ENABLED),
                                new BucketCommand.RenameObject(
                                        PARTITION, "j", version, source, "k", target, Versioning.ENABLED, OWNER, token),
                                new BucketCommand.RenameObject(
                                        PARTITION,
                                        "j",
                                        null,
                                        ObjectCondition.NONE,
                                        "k",
                                        ObjectCondition.NONE,
                                        Versioning.UNVERSIONED,
                                        OWNER,
                                        null),
                                new BucketCommand.PurgePartition(
                                        bucket, new PartitionId(3), ByteBuffer.wrap(new byte[] {1, 2}), 200),
                                new SystemCommand.BeginPurge(bucket),
                                new SystemCommand.NotePurge(bucket, 1, 2, 3, true))
                        .map(command -> new CommandBatch.Envelope(new RequestId(1, 2), command))
                        .toList());
    }

    private static final String GOLDEN_APPENDS =
            "080112590a120901000000000000001102000000000000001243c207400a0608071003180112016b1894b4e4f4cb0322"
                    + "01652803320e080110011a084141414141513d3d3801420812060a01611201314a050a03010203520058026000124d0a"
                    + "120901000000000000001102000000000000001237ca07340a0608071003180112016b1894b4e4f4cb0322070a016112"
                    + "02080122110a016212091909000000000000001a01652a003200380112610a1209010000000000000011020000000000"
                    + "0000124bd207480a0608071003180112016a1a050a0165180522016b2a0512012a200630013894b4e4f4cb0342180a12"
                    + "0901000000000000001102000000000000001202070849090000000000000012320a1209010000000000000011020000"
                    + "0000000000121cd207190a0608071003180112016a1a0022016b2a003894b4e4f4cb0312240a12090100000000000000"
                    + "110200000000000000120eda070b080710031a02010220c801121b0a1209010000000000000011020000000000000012"
                    + "05c20202080712230a12090100000000000000110200000000000000120dca020a08071001180220032801";

    @Test
    void appendsHaveTheirBytes() {
        assertThat(HEX.formatHex(CommandBatchCodec.encode(appends()).array())).isEqualTo(GOLDEN_APPENDS);
        assertThat(CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN_APPENDS))))
                .isEqualTo(appends());
    }

    @Test
    void commandsKeepTheirNumbers() {
        assertThat(CommandMessages.Command.getDescriptor().getFields().stream()
                        .map(field -> field.getNumber() + " " + field.getName())
                        .collect(Collectors.joining(", ")))
                .isEqualTo(
                        "1 initialize_cluster, 2 create_account, 3 set_account_enabled, 4 delete_account, 5 create_access_k"
                                + "ey, 6 set_access_key_enabled, 7 delete_access_key, 8 create_bucket, 9 activate_bucket, 10 begin_bu"
                                + "cket_deletion, 11 cancel_bucket_deletion, 12 finish_bucket_deletion, 13 register_node, 14 register"
                                + "_disk, 15 report_disk, 16 create_volume, 17 update_volume, 18 set_node_state, 19 set_node_draining"
                                + ", 20 remove_node, 21 remove_disk, 22 mark_behind, 23 member_caught_up, 24 set_group, 25 create_tok"
                                + "en, 26 redeem_token, 27 delete_token, 28 set_document, 29 set_bucket_setting, 30 set_bucket_document, 31 note_settings_applied, 32 set_group_behind, 40 begin_purge, 41 note_purge, 101 open_partition, 102 close_partition, 10"
                                + "3 reopen_partition, 104 put_object, 105 delete_object, 106 delete_objects, 107 create_upload, 108 "
                                + "put_part, 109 complete_upload, 110 abort_upload, 111 forget_extents, 112 release_parts, 113 apply_settings, 114 change_version, 120 append_object, 121 compose_object, 122 rename_object, 123 purge_partition, 124 renew_seals");
    }

    @Test
    void anEntryThatIsNoBatchIsRefused() {
        assertThatThrownBy(() -> CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex(GOLDEN.substring(0, 60)))))
                .isInstanceOf(IllegalArgumentException.class);
        // A command of a later version: field 999.
        assertThatThrownBy(() -> CommandBatchCodec.decode(ByteBuffer.wrap(HEX.parseHex("12051203ba3e00"))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
