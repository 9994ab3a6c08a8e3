package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.store.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Appends, and that what they share is given back exactly when nothing consists of it. */
@NullMarked
class AppendRulesTest {
    private static final Versioning OFF = Versioning.UNVERSIONED;
    private static final Versioning ON = Versioning.ENABLED;

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
    }

    @AfterEach
    void close() throws RefusedException {
        try (Snapshot snapshot = group.snapshot()) {
            RowInvariants.check(snapshot, TestGroup.BUCKET);
        }
        group.close();
    }

    private static BucketCommand.AppendObject append(
            String key, long size, Payload payload, ObjectAttributes attributes, Versioning versioning, long offset) {
        return new BucketCommand.AppendObject(
                PARTITION,
                key,
                TestGroup.OWNER,
                TestGroup.ETAG,
                size,
                List.of(),
                false,
                attributes,
                payload,
                WriteCondition.NONE,
                versioning,
                offset);
    }

    private static BucketCommand.AppendObject append(String key, String text, Versioning versioning) {
        return append(
                key,
                text.length(),
                new Payload.Inline(StandardCharsets.US_ASCII.encode(text)),
                ObjectAttributes.EMPTY,
                versioning,
                -1);
    }

    private BucketCommand.AppendObject append(String key, ExtentSlice extent, Versioning versioning) {
        return append(
                key, extent.length(), new Payload.Extents(List.of(extent)), ObjectAttributes.EMPTY, versioning, -1);
    }

    private List<ExtentSlice> reclaimed() throws RefusedException {
        group.releaseAll();
        return group.due();
    }

    @Test
    void whatIsReadWhileTheObjectGrowsStaysWhatItWas() throws RefusedException {
        group.tell(put("k", "a"));
        VersionId second = group.tell(append("k", "b", OFF)).version();
        group.tell(append("k", "c", OFF));
        assertThat(group.body("k")).isEqualTo("abc");
        BucketQuery.ReadRuns read = new BucketQuery.ReadRuns(PARTITION, "k", second, 0, Long.MAX_VALUE);
        assertThat(TestGroup.text(group.ask(read).runs())).isEqualTo("ab");
        group.releaseAll();
        assertThat(TestGroup.refusal(() -> group.ask(read))).isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(group.body("k")).isEqualTo("abc");
    }

    @Test
    void theEndOfADeletedVersionIsReclaimedAndItsBeginningWithTheLastThatHasIt() throws RefusedException {
        List<ExtentSlice> extents = List.of(group.extent(10), group.extent(20), group.extent(30));
        List<VersionId> versions = new ArrayList<>();
        versions.add(group.tell(group.putExtents("k", ON, extents.get(0))).version());
        versions.add(group.tell(append("k", extents.get(1), ON)).version());
        versions.add(group.tell(append("k", extents.get(2), ON)).version());
        group.tell(TestGroup.delete("k", new VersionSelector.Exact(versions.get(1)), ON));
        assertThat(reclaimed()).as("a longer version has it").isEmpty();
        group.tell(TestGroup.delete("k", new VersionSelector.Exact(versions.get(2)), ON));
        assertThat(reclaimed()).containsExactlyInAnyOrder(extents.get(1), extents.get(2));
        group.tell(TestGroup.delete("k", new VersionSelector.Exact(versions.get(0)), ON));
        assertThat(reclaimed()).containsExactlyInAnyOrderElementsOf(extents);
    }

    @Test
    void aVersionThatIsNewestAgainGrowsOnItsOwn() throws RefusedException {
        ExtentSlice first = group.extent(10);
        ExtentSlice other = group.extent(20);
        group.tell(group.putExtents("k", ON, first));
        group.tell(append("k", "b", ON));
        VersionId third = group.tell(append("k", other, ON)).version();
        group.tell(TestGroup.delete("k", new VersionSelector.Exact(third), ON));
        group.tell(append("k", "c", ON));
        List<DataRun> runs = group.get("k").runs();
        assertThat(runs.getFirst()).isEqualTo(new DataRun.ExtentRun(first));
        assertThat(TestGroup.text(runs.subList(1, runs.size()))).isEqualTo("bc");
        assertThat(reclaimed()).containsExactly(other);
    }

    @Test
    void aCopyGrowsApartFromItsSource() throws RefusedException {
        group.tell(put("k", "a"));
        Reply.CompleteReply source = group.tell(append("k", "b", OFF));
        group.tell(put("l", 2, new Payload.Shared(PARTITION, "k", source.version(), 0, 2), WriteCondition.NONE, OFF));
        group.tell(append("k", "c", OFF));
        group.tell(append("l", "d", OFF));
        group.tell(append("k", "e", OFF));
        assertThat(group.body("k")).isEqualTo("abce");
        assertThat(group.body("l")).isEqualTo("abd");
        group.tell(TestGroup.delete("k", null, OFF));
        group.releaseAll();
        assertThat(group.body("l")).isEqualTo("abd");
        group.tell(TestGroup.delete("l", null, OFF));
        group.releaseAll();
        assertThat(group.rows("REQUESTS").stream().filter(row -> row.startsWith("PIECES") || row.startsWith("INLINE")))
                .isEmpty();
    }

    @Test
    void aRepeatedAppendAppendsOnce() throws RefusedException {
        group.tell(put("k", "a"));
        var request = group.request();
        Reply.CompleteReply reply = group.tell(request, append("k", "b", OFF));
        assertThat(group.tell(request, append("k", "b", OFF))).isEqualTo(reply);
        assertThat(group.body("k")).isEqualTo("ab");
    }

    @Test
    void anObjectHasTenThousandPartsAtMost() throws RefusedException {
        group.tell(put("k", "a"));
        for (int i = 1; i < Limits.MAX_PARTS; i++) {
            group.tell(append("k", "b", OFF));
        }
        assertThat(TestGroup.refusal(() -> group.tell(append("k", "b", OFF)))).isEqualTo(Refusal.TOO_MANY_PARTS);
        Reply.ObjectReply whole = group.get("k");
        assertThat(whole.runs()).hasSize(Limits.MAX_PARTS);
        assertThat(whole.version().size()).isEqualTo(Limits.MAX_PARTS);
        group.tell(TestGroup.delete("k", null, OFF));
        group.releaseAll();
    }

    @Test
    void whatIsReadAtOnceIsBounded() throws RefusedException {
        String piece = "x".repeat(Limits.MAX_INLINE_BYTES);
        for (int i = 0; i < 5; i++) {
            group.tell(append("k", piece, OFF));
        }
        assertThat(group.get("k").length()).isEqualTo(5L * Limits.MAX_INLINE_BYTES);
        assertThat(group.get("k").runs()).hasSize(2);
    }

    @Test
    void aChecksumIsCarriedOnInTheObjectsAlgorithm() throws RefusedException {
        StoredChecksum crc32 = checksum(ChecksumAlgorithm.CRC32, "a");
        group.tell(new BucketCommand.PutObject(
                PARTITION,
                "k",
                TestGroup.OWNER,
                TestGroup.ETAG,
                1,
                crc32,
                ObjectAttributes.EMPTY,
                new Payload.Inline(StandardCharsets.US_ASCII.encode("a")),
                WriteCondition.NONE,
                OFF));
        List<StoredChecksum> both =
                List.of(checksum(ChecksumAlgorithm.CRC64NVME, "bc"), checksum(ChecksumAlgorithm.CRC32, "bc"));
        assertThat(TestGroup.refusal(() -> group.tell(summed("bc", both, true))))
                .isEqualTo(Refusal.INVALID_APPEND);
        assertThat(group.tell(summed("bc", both, false)).checksum())
                .isEqualTo(checksum(ChecksumAlgorithm.CRC32, "abc"));
        assertThat(group.tell(summed("bc", both.subList(0, 1), false)).checksum())
                .as("nobody knows it")
                .isNull();
    }

    private static BucketCommand.AppendObject summed(String text, List<StoredChecksum> checksums, boolean strict) {
        return new BucketCommand.AppendObject(
                PARTITION,
                "k",
                TestGroup.OWNER,
                TestGroup.ETAG,
                text.length(),
                checksums,
                strict,
                ObjectAttributes.EMPTY,
                new Payload.Inline(StandardCharsets.US_ASCII.encode(text)),
                WriteCondition.NONE,
                OFF,
                -1);
    }

    private static StoredChecksum checksum(ChecksumAlgorithm algorithm, String text) {
        var checksummer = algorithm.newChecksummer();
        checksummer.update(StandardCharsets.US_ASCII.encode(text));
        return new StoredChecksum(algorithm, StoredChecksum.Type.FULL_OBJECT, algorithm.encode(checksummer.digest()));
    }

    @Test
    void metadataIsForNewObjects() throws RefusedException {
        ObjectAttributes described = new ObjectAttributes(Map.of(), Map.of("a", "1"));
        Payload payload = new Payload.Inline(StandardCharsets.US_ASCII.encode("b"));
        group.tell(append("k", 1, payload, described, OFF, 0));
        assertThat(group.get("k").version().attributes()).isEqualTo(described);
        assertThat(TestGroup.refusal(() -> group.tell(append("k", 1, payload, described, OFF, 1))))
                .isEqualTo(Refusal.INVALID_APPEND);
    }

    @Test
    void aLockedVersionStaysAndTheLongerOneGetsTheBucketsDefault() throws RefusedException {
        group.tell(new BucketCommand.ApplySettings(
                TestGroup.BUCKET,
                new PartitionId(3),
                new PartitionSettings(
                        ON, new ObjectLock(true, new ObjectLock.DefaultRetention(RetentionMode.COMPLIANCE, 1, 0)), 2)));
        VersionId locked = group.tell(put("k", "a")).version();
        VersionId longer = group.tell(append("k", "b", OFF)).version();
        assertThat(group.body("k")).isEqualTo("ab");
        for (VersionId version : List.of(locked, longer)) {
            assertThat(TestGroup.refusal(
                            () -> group.tell(TestGroup.delete("k", new VersionSelector.Exact(version), ON))))
                    .isEqualTo(Refusal.OBJECT_LOCKED);
        }
        VersionLock held = VersionLock.NONE.withHold(true);
        group.tell(append(
                "k",
                1,
                new Payload.Inline(StandardCharsets.US_ASCII.encode("c")),
                ObjectAttributes.EMPTY.withLock(held),
                ON,
                2));
        assertThat(group.get("k").version().attributes().lock().hold()).isTrue();
    }
}
