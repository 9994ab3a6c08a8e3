package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.ETAG;
import static io.coffer.metaserver.machine.TestGroup.OWNER;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.RenewSeals;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.Encryption;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectCondition;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.SealRenewal;
import io.coffer.common.metadata.SealTable;
import io.coffer.common.metadata.SealedContent;
import io.coffer.common.metadata.SealedRow;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class SealRulesTest {
    private static final UUID KEY = new UUID(11, 12);
    private static final UUID OTHER = new UUID(11, 13);
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
    private static final Encryption IN_CONTEXT =
            new Encryption(Encryption.Method.MANAGED_KEY, "arn", "{\"a\":\"b\"}", false, NOTHING);

    @TempDir
    Path directory;

    private TestGroup group = null;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
    }

    @AfterEach
    void close() {
        group.close();
    }

    private static Seal seal(UUID key, int version, int run) {
        return new Seal(ByteBuffer.allocate(90)
                .put((byte) 1)
                .put((byte) 0)
                .putLong(key.getMostSignificantBits())
                .putLong(key.getLeastSignificantBits())
                .putInt(version)
                .put(new byte[64])
                .putInt(run)
                .flip());
    }

    private ExtentSlice extent(Seal seal) {
        return group.extent(Limits.MIN_PART_BYTES).withSeal(seal);
    }

    private static BucketCommand.PutObject put(String key, Payload payload, long size, Encryption encryption) {
        return new BucketCommand.PutObject(
                PARTITION,
                key,
                OWNER,
                ETAG,
                size,
                null,
                ObjectAttributes.EMPTY.withEncryption(encryption),
                payload,
                WriteCondition.NONE,
                Versioning.ENABLED);
    }

    private Reply.PutReply put(String key, Seal... seals) throws RefusedException {
        return group.tell(putCommand(key, seals));
    }

    private BucketCommand.PutObject putCommand(String key, Seal... seals) {
        List<ExtentSlice> slices = new ArrayList<>();
        for (Seal seal : seals) {
            slices.add(extent(seal));
        }
        return put(key, new Payload.Extents(slices), seals.length * Limits.MIN_PART_BYTES, Encryption.STORE_KEY);
    }

    private Reply.SealsPage find(SealTable table, int below) throws RefusedException {
        return group.ask(new BucketQuery.FindSeals(KEY, below, table, NOTHING, NOTHING, 1000));
    }

    private List<SealedRow> findAll(int below) throws RefusedException {
        List<SealedRow> all = new ArrayList<>();
        for (SealTable table : SealTable.values()) {
            all.addAll(find(table, below).rows());
        }
        return all;
    }

    private static RenewSeals renew(SealTable table, SealedRow row, Seal before, Seal after) {
        return new RenewSeals(
                KEY, 2, List.of(new SealRenewal(table, row.row(), List.of(new SealRenewal.Pair(before, after)))));
    }

    private long fence(int below) throws RefusedException {
        return group.tell(new RenewSeals(KEY, below, List.of())).moved();
    }

    private List<Seal> seals(String key) throws RefusedException {
        return group.get(key).runs().stream()
                .map(run -> switch (run) {
                    case DataRun.ExtentRun(ExtentSlice slice) -> slice.seal();
                    case DataRun.InlineRun inline -> inline.seal();
                })
                .toList();
    }

    @Test
    void aSealIsReplacedWhereItIsAndNothingElseChanges() throws RefusedException {
        put("k", seal(KEY, 1, 0), seal(KEY, 1, 1), seal(OTHER, 1, 0));
        Reply.ObjectReply before = group.get("k");
        SealedRow row = find(SealTable.OBJECTS, 2).rows().getFirst();
        assertThat(row.seals()).containsExactly(seal(KEY, 1, 0), seal(KEY, 1, 1));
        assertThat(row.encryption()).isEqualTo(Encryption.STORE_KEY);

        assertThat(group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 1), seal(KEY, 2, 1))))
                .isEqualTo(new Reply.SealsReply(1, 0));
        Reply.ObjectReply after = group.get("k");
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(seals("k")).containsExactly(seal(KEY, 1, 0), seal(KEY, 2, 1), seal(OTHER, 1, 0));
        assertThat(after.runs().stream()
                        .map(run -> ((DataRun.ExtentRun) run).slice().withSeal(Seal.NONE)))
                .isEqualTo(before.runs().stream()
                        .map(run -> ((DataRun.ExtentRun) run).slice().withSeal(Seal.NONE))
                        .toList());
        assertThat(find(SealTable.OBJECTS, 2).rows().getFirst().seals()).containsExactly(seal(KEY, 1, 0));
    }

    @Test
    void whatIsThereIsReplacedOnlyIfItIsTheSameToTheLastByte() throws RefusedException {
        put("k", seal(KEY, 1, 7));
        fence(2);
        List<String> rows = group.rows("requests");
        SealedRow row = find(SealTable.OBJECTS, 2).rows().getFirst();
        assertThat(group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 6), seal(KEY, 2, 6)))
                        .replaced())
                .isZero();
        assertThat(group.tell(renew(SealTable.VERSIONS, row, seal(KEY, 1, 7), seal(KEY, 2, 7)))
                        .replaced())
                .isZero();
        assertThat(group.tell(renew(SealTable.PARTS, row, seal(KEY, 1, 7), seal(KEY, 2, 7)))
                        .replaced())
                .isZero();
        assertThat(group.tell(renew(SealTable.PIECES, row, seal(KEY, 1, 7), seal(KEY, 2, 7)))
                        .replaced())
                .isZero();
        assertThat(group.rows("requests")).isEqualTo(rows);
    }

    @Test
    void onlySealsOfEarlierVersionsOfTheKeyAreReplacedAndOnlyByLaterOnes() throws RefusedException {
        put("k", seal(KEY, 1, 0), seal(OTHER, 1, 0), seal(KEY, 2, 0));
        SealedRow row = find(SealTable.OBJECTS, 2).rows().getFirst();
        List<Seal> before = seals("k");
        assertThat(refusal(() -> group.tell(renew(SealTable.OBJECTS, row, seal(OTHER, 1, 0), seal(KEY, 2, 0)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(() -> group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 0), seal(OTHER, 2, 0)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(() -> group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 2, 0), seal(KEY, 3, 0)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(() -> group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 0), Seal.NONE))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(() -> group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 0), seal(KEY, 1, 1)))))
                .isEqualTo(Refusal.SEAL_TOO_OLD);
        assertThat(refusal(() -> group.tell(renew(SealTable.UPLOADS, row, seal(KEY, 1, 0), seal(KEY, 2, 0)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        List<SealRenewal.Pair> pairs = new ArrayList<>();
        for (int run = 0; run <= RenewSeals.MAX_RENEWALS; run++) {
            pairs.add(new SealRenewal.Pair(seal(KEY, 1, run), seal(KEY, 2, run)));
        }
        assertThat(refusal(() -> group.tell(
                        new RenewSeals(KEY, 2, List.of(new SealRenewal(SealTable.OBJECTS, row.row(), pairs))))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(() -> fence(0))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(seals("k")).isEqualTo(before);
    }

    @Test
    void everyTableThatHasSealsIsRenewed() throws RefusedException {
        put("noncurrent", seal(KEY, 1, 0));
        put("noncurrent", seal(KEY, 1, 0));
        group.tell(put(
                "inline",
                new Payload.Inline(ByteBuffer.wrap(new byte[30]), seal(KEY, 1, 0)),
                14,
                Encryption.STORE_KEY));
        UploadId upload = upload("part", Encryption.STORE_KEY);
        append("appended", 0);
        append("appended", Limits.MIN_PART_BYTES);
        int replaced = 0;
        for (SealTable table : SealTable.values()) {
            for (SealedRow row : find(table, 2).rows()) {
                replaced += group.tell(renew(table, row, seal(KEY, 1, 0), seal(KEY, 2, 0)))
                        .replaced();
            }
        }
        assertThat(replaced).isEqualTo(7); // of appended the first piece is a version too
        assertThat(findAll(2)).isEmpty();
        group.tell(new BucketCommand.CompleteUpload(
                PARTITION,
                "part",
                upload,
                List.of(new BucketCommand.PartName(1, ETAG, null)),
                -1,
                null,
                WriteCondition.NONE,
                Versioning.ENABLED));
        for (String key : List.of("noncurrent", "inline", "part")) {
            assertThat(seals(key)).containsExactly(seal(KEY, 2, 0));
        }
        assertThat(seals("appended")).containsExactly(seal(KEY, 2, 0), seal(KEY, 2, 0));
    }

    private UploadId upload(String key, Encryption encryption) throws RefusedException {
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, key, upload, OWNER, OWNER, ObjectAttributes.EMPTY.withEncryption(encryption), null, null));
        group.tell(part(key, upload));
        return upload;
    }

    private BucketCommand.PutPart part(String key, UploadId upload) {
        return new BucketCommand.PutPart(
                PARTITION,
                key,
                upload,
                1,
                ETAG,
                Limits.MIN_PART_BYTES,
                null,
                new Payload.Extents(List.of(extent(seal(KEY, 1, 0)))));
    }

    private void append(String key, long offset) throws RefusedException {
        group.tell(appendCommand(key, offset));
    }

    private BucketCommand.AppendObject appendCommand(String key, long offset) {
        return new BucketCommand.AppendObject(
                PARTITION,
                key,
                OWNER,
                ETAG,
                Limits.MIN_PART_BYTES,
                List.of(),
                false,
                ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                new Payload.Extents(List.of(extent(seal(KEY, 1, 0)))),
                WriteCondition.NONE,
                Versioning.ENABLED,
                offset);
    }

    @Test
    void noEarlierSealComesInOnceTheFenceIsSet() throws RefusedException {
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, "u", upload, OWNER, OWNER, ObjectAttributes.EMPTY, null, null));
        fence(2);
        assertThat(refusal(() -> put("k", seal(KEY, 1, 0)))).isEqualTo(Refusal.SEAL_TOO_OLD);
        assertThat(refusal(() -> put("k", seal(KEY, 2, 0), seal(KEY, 1, 0)))).isEqualTo(Refusal.SEAL_TOO_OLD);
        assertThat(refusal(() -> group.tell(put(
                        "k",
                        new Payload.Inline(ByteBuffer.wrap(new byte[30]), seal(KEY, 1, 0)),
                        14,
                        Encryption.STORE_KEY))))
                .isEqualTo(Refusal.SEAL_TOO_OLD);
        assertThat(refusal(() -> group.tell(part("u", upload)))).isEqualTo(Refusal.SEAL_TOO_OLD);
        assertThat(refusal(() -> append("k", 0))).isEqualTo(Refusal.SEAL_TOO_OLD);
        put("k", seal(KEY, 2, 0), seal(OTHER, 1, 0), Seal.NONE);
        fence(1);
        assertThat(refusal(() -> put("k", seal(KEY, 1, 0)))).isEqualTo(Refusal.SEAL_TOO_OLD);
    }

    @Test
    void whatMovesAnEarlierSealIsCounted() throws RefusedException {
        Reply.PutReply source = put("source", seal(KEY, 1, 0), seal(KEY, 1, 1), seal(KEY, 2, 0));
        put("other", seal(KEY, 2, 0));
        assertThat(fence(2)).isZero();
        // To another key, and behind a delete marker.
        group.tell(new BucketCommand.RenameObject(
                PARTITION,
                "source",
                source.version(),
                ObjectCondition.NONE,
                "a",
                ObjectCondition.NONE,
                Versioning.UNVERSIONED,
                OWNER,
                null));
        assertThat(fence(2)).isEqualTo(4);
        // Beside the key's other versions.
        Reply.PutReply newest = put("a", seal(KEY, 2, 0));
        assertThat(fence(2)).isEqualTo(6);
        // The newest again.
        group.tell(TestGroup.delete("a", new VersionSelector.Exact(newest.version()), Versioning.ENABLED));
        assertThat(fence(2)).isEqualTo(8);
        // Into a copy, and into a chain's pieces.
        group.tell(put(
                "copy",
                new Payload.Shared(PARTITION, "a", group.get("a").version().version(), 0, Limits.MIN_PART_BYTES),
                Limits.MIN_PART_BYTES,
                Encryption.STORE_KEY));
        assertThat(fence(2)).isEqualTo(9);
        group.tell(new BucketCommand.ComposeObject(
                PARTITION,
                "composed",
                OWNER,
                List.of(
                        new BucketCommand.ComposeSource("copy", VersionSelector.LATEST, ""),
                        new BucketCommand.ComposeSource("other", VersionSelector.LATEST, "")),
                ObjectAttributes.EMPTY.withEncryption(Encryption.STORE_KEY),
                WriteCondition.NONE,
                Versioning.ENABLED));
        assertThat(fence(2)).isEqualTo(10);
        // Of the later version only.
        put("other", seal(KEY, 2, 0));
        assertThat(fence(2)).isEqualTo(10);
    }

    @Test
    void aPageEndsAtItsLimitAndTheNextGoesOn() throws RefusedException {
        for (String key : List.of("a", "b", "c")) {
            put(key, seal(KEY, 1, 0));
        }
        List<SealedRow> found = new ArrayList<>();
        ByteBuffer after = NOTHING;
        int pages = 0;
        do {
            Reply.SealsPage page = group.ask(new BucketQuery.FindSeals(KEY, 2, SealTable.OBJECTS, NOTHING, after, 2));
            assertThat(page.scanned()).isLessThanOrEqualTo(2);
            found.addAll(page.rows());
            after = page.last();
            pages++;
        } while (after.hasRemaining());
        assertThat(pages).isEqualTo(2);
        assertThat(found).isEqualTo(find(SealTable.OBJECTS, 2).rows()).hasSize(3);
        assertThat(refusal(
                        () -> group.ask(new BucketQuery.FindSeals(KEY, 2, SealTable.OBJECTS, NOTHING, NOTHING, 1001))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void whatIsInAContextIsToldWithIt() throws RefusedException {
        UploadId upload = upload("u", IN_CONTEXT);
        upload("v", Encryption.STORE_KEY);
        List<SealedContent> contents = find(SealTable.UPLOADS, 2).contents();
        assertThat(contents).hasSize(1);
        assertThat(contents.getFirst().encryption()).isEqualTo(IN_CONTEXT);
        assertThat(contents.getFirst().table()).isEqualTo(SealTable.PARTS);
        assertThat(group.ask(new BucketQuery.FindSeals(
                                KEY, 2, SealTable.PARTS, contents.getFirst().prefix(), NOTHING, 1000))
                        .rows())
                .hasSize(1);
        group.tell(new BucketCommand.CompleteUpload(
                PARTITION,
                "u",
                upload,
                List.of(new BucketCommand.PartName(1, ETAG, null)),
                -1,
                null,
                WriteCondition.NONE,
                Versioning.ENABLED));
        assertThat(find(SealTable.UPLOADS, 2).contents()).isEmpty();
        assertThat(find(SealTable.OBJECTS, 2).contents()).isEqualTo(contents);

        group.tell(new BucketCommand.ComposeObject(
                PARTITION,
                "composed",
                OWNER,
                List.of(
                        new BucketCommand.ComposeSource("u", VersionSelector.LATEST, ""),
                        new BucketCommand.ComposeSource("u", VersionSelector.LATEST, "")),
                ObjectAttributes.EMPTY.withEncryption(IN_CONTEXT),
                WriteCondition.NONE,
                Versioning.ENABLED));
        SealedContent chain = find(SealTable.OBJECTS, 2).contents().getFirst();
        assertThat(chain.table()).isEqualTo(SealTable.PIECES);
        assertThat(group.ask(new BucketQuery.FindSeals(KEY, 2, SealTable.PIECES, chain.prefix(), NOTHING, 1000))
                        .contents())
                .extracting(SealedContent::prefix)
                .containsExactly(
                        contents.getFirst().prefix(), contents.getFirst().prefix());
    }

    @Test
    void aLockIsNoHindrance() throws RefusedException {
        group.tell(new BucketCommand.ApplySettings(
                TestGroup.BUCKET,
                PARTITION.partition(),
                new PartitionSettings(Versioning.ENABLED, new ObjectLock(true, null), 1)));
        VersionLock lock = new VersionLock(RetentionMode.COMPLIANCE, group.nowMillis() + 1_000_000, true);
        group.tell(new BucketCommand.PutObject(
                PARTITION,
                "k",
                OWNER,
                ETAG,
                Limits.MIN_PART_BYTES,
                null,
                ObjectAttributes.EMPTY.withLock(lock),
                new Payload.Extents(List.of(extent(seal(KEY, 1, 0)))),
                WriteCondition.NONE,
                Versioning.ENABLED));
        SealedRow row = find(SealTable.OBJECTS, 2).rows().getFirst();
        assertThat(group.tell(renew(SealTable.OBJECTS, row, seal(KEY, 1, 0), seal(KEY, 2, 0)))
                        .replaced())
                .isEqualTo(1);
        assertThat(group.get("k").version().attributes().lock()).isEqualTo(lock);
        assertThat(seals("k")).containsExactly(seal(KEY, 2, 0));
    }
}
