package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VersionId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@NullMarked
class ObjectRulesTest {
    private static final Versioning OFF = Versioning.UNVERSIONED;
    private static final Versioning ON = Versioning.ENABLED;
    private static final Versioning SUSPENDED = Versioning.SUSPENDED;

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
    }

    @AfterEach
    void close() {
        group.close();
    }

    // Conditions: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html

    @ParameterizedTest
    @CsvSource({
        // what is there, If-Match, If-None-Match, refused with
        "nothing, '',     '',    ",
        "nothing, *,      '',    NO_SUCH_KEY",
        "nothing, ETAG,   '',    NO_SUCH_KEY",
        "nothing, '',     *,     ",
        "object,  *,      '',    ",
        "object,  ETAG,   '',    ",
        "object,  x,      '',    PRECONDITION_FAILED",
        "object,  x ETAG, '',    ",
        "object,  '',     *,     PRECONDITION_FAILED",
        "object,  '',     ETAG,  PRECONDITION_FAILED",
        "object,  '',     x,     ",
        "object,  ETAG,   *,     PRECONDITION_FAILED",
        "marker,  *,      '',    NO_SUCH_KEY",
        "marker,  ETAG,   '',    NO_SUCH_KEY",
        "marker,  '',     *,     ",
    })
    void aConditionIsAboutTheCurrentObject(String there, String ifMatch, String ifNoneMatch, @Nullable Refusal refusal)
            throws RefusedException {
        if (!there.equals("nothing")) {
            group.tell(put("k", "old", WriteCondition.NONE, ON));
        }
        if (there.equals("marker")) {
            group.tell(TestGroup.delete("k", null, ON));
        }
        WriteCondition condition = new WriteCondition(etags(ifMatch), etags(ifNoneMatch));
        assertThat(refusal(put("k", "new", condition, ON))).isEqualTo(refusal);
        if (refusal == null) {
            assertThat(group.body("k")).isEqualTo("new");
        }
    }

    private static List<String> etags(String list) {
        return list.isEmpty()
                ? List.of()
                : Stream.of(list.split(" "))
                        .map(etag -> etag.replace("ETAG", TestGroup.ETAG))
                        .toList();
    }

    private @Nullable Refusal refusal(BucketCommand<?> command) {
        return TestGroup.refusal(() -> group.tell(command));
    }

    // Versioning: https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html

    static Stream<List<Versioning>> historiesOfThree() {
        List<List<Versioning>> all = new ArrayList<>();
        for (Versioning a : Versioning.values()) {
            for (Versioning b : Versioning.values()) {
                for (Versioning c : Versioning.values()) {
                    all.add(List.of(a, b, c));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("historiesOfThree")
    void onlyVersionsWrittenWhileEnabledPileUp(List<Versioning> history) throws RefusedException {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < history.size(); i++) {
            group.tell(put("k", "body" + i, WriteCondition.NONE, history.get(i)));
            if (history.get(i) != ON) {
                expected.removeIf(line -> line.startsWith("null"));
            }
            expected.addFirst((history.get(i) == ON ? "id" : "null") + " body" + i);
        }
        assertThat(lines("k")).isEqualTo(expected);
        assertThat(group.body("k")).isEqualTo("body2");
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, expected.size(), 0, 0, 5L * expected.size()));
    }

    /** Versions of a key, newest first: null or id, and the body. */
    private List<String> lines(String key) throws RefusedException {
        List<String> lines = new ArrayList<>();
        for (Reply.Entry<io.coffer.common.metadata.ObjectVersion> entry : group.ask(
                        new BucketQuery.ListVersions(PARTITION, key, "", "", null, 1000))
                .entries()) {
            var version = ((Reply.Entry.Item<io.coffer.common.metadata.ObjectVersion>) entry).value();
            VersionSelector selector =
                    version.nullVersion() ? VersionSelector.NULL : new VersionSelector.Exact(version.version());
            lines.add((version.nullVersion() ? "null " : "id ")
                    + (version.deleteMarker()
                            ? "marker"
                            : TestGroup.text(group.get(key, selector, new Window.Range(0, 100))
                                    .runs())));
        }
        return lines;
    }

    @Test
    void aNullVersionUnderADeleteMarkerIsReplaced() throws RefusedException {
        group.tell(put("k", "null", WriteCondition.NONE, OFF));
        group.tell(TestGroup.delete("k", null, ON));
        group.tell(put("k", "again", WriteCondition.NONE, SUSPENDED));
        assertThat(lines("k")).containsExactly("null again", "id marker");
    }

    @Test
    void aNullDeleteMarkerIsReplaced() throws RefusedException {
        group.tell(put("k", "id", WriteCondition.NONE, ON));
        group.tell(TestGroup.delete("k", null, SUSPENDED));
        assertThat(lines("k")).containsExactly("null marker", "id id");
        group.tell(put("k", "again", WriteCondition.NONE, SUSPENDED));
        assertThat(lines("k")).containsExactly("null again", "id id");
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 2, 0, 0, 7));
    }

    // What is refused

    @Test
    void whatTheGatewaySaysMustHoldTogether() {
        Payload three = new Payload.Inline(ByteBuffer.allocate(3));
        assertThat(refusal(put("k", 4, three, WriteCondition.NONE, OFF))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(put("", 3, three, WriteCondition.NONE, OFF))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(put("é".repeat(513), 3, three, WriteCondition.NONE, OFF)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(put("é".repeat(512), 3, three, WriteCondition.NONE, OFF)))
                .isNull();
        int tooLong = Limits.MAX_INLINE_BYTES + 1;
        assertThat(refusal(
                        put("k", tooLong, new Payload.Inline(ByteBuffer.allocate(tooLong)), WriteCondition.NONE, OFF)))
                .isEqualTo(Refusal.ENTITY_TOO_LARGE);
        assertThat(refusal(put("k", 3, new Payload.Assembled(group.upload(), 1), WriteCondition.NONE, OFF)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        StoredChecksum nonsense =
                new StoredChecksum(ChecksumAlgorithm.CRC32, StoredChecksum.Type.FULL_OBJECT, "not base64");
        assertThat(refusal(new BucketCommand.PutObject(
                        PARTITION,
                        "k",
                        TestGroup.OWNER,
                        TestGroup.ETAG,
                        3,
                        nonsense,
                        ObjectAttributes.EMPTY,
                        three,
                        WriteCondition.NONE,
                        OFF)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void allOfAVersionIsRead() throws RefusedException {
        StoredChecksum checksum = new StoredChecksum(
                ChecksumAlgorithm.SHA1, StoredChecksum.Type.FULL_OBJECT, "AAECAwQFBgcICQoLDA0ODxAREhM=");
        ObjectAttributes attributes = new ObjectAttributes(
                Map.of("content-type", "text/plain", "x-amz-storage-class", "GLACIER"), Map.of("k", "v"));
        group.tell(new BucketCommand.PutObject(
                PARTITION,
                "k",
                TestGroup.OWNER,
                "an etag",
                0,
                checksum,
                attributes,
                new Payload.Inline(ByteBuffer.allocate(0)),
                WriteCondition.NONE,
                OFF));
        Reply.ObjectReply reply = group.get("k");
        assertThat(reply.version().checksum()).isEqualTo(checksum);
        assertThat(reply.version().attributes()).isEqualTo(attributes);
        assertThat(reply.version().etag()).isEqualTo("an etag");
        assertThat(reply.version().owner()).isEqualTo(TestGroup.OWNER);
        assertThat(reply.version().parts()).isZero();
        assertThat(reply.runs()).isEmpty();
    }

    @Test
    void aCallerWithAnOldMapIsSentBack() throws RefusedException {
        Payload payload = new Payload.Inline(ByteBuffer.allocate(0));
        PartitionRef old = new PartitionRef(PARTITION.bucket(), PARTITION.partition(), PARTITION.epoch() + 1);
        PartitionRef unknown = new PartitionRef(PARTITION.bucket(), new PartitionId(99), 1);
        for (PartitionRef ref : List.of(old, unknown)) {
            assertThat(refusal(new BucketCommand.PutObject(
                            ref,
                            "k",
                            TestGroup.OWNER,
                            TestGroup.ETAG,
                            0,
                            null,
                            ObjectAttributes.EMPTY,
                            payload,
                            WriteCondition.NONE,
                            OFF)))
                    .isEqualTo(Refusal.WRONG_PARTITION);
        }
        try (TestGroup part = TestGroup.bucket(directory.resolve("part"), "b", "é")) {
            for (String inside : List.of("b", "c", "z", "zzz")) {
                part.tell(put(inside, "x"));
            }
            for (String outside : List.of("a", "azzz", "é", "\ud83d\ude00")) {
                assertThat(TestGroup.refusal(() -> part.tell(put(outside, "x"))))
                        .isEqualTo(Refusal.WRONG_PARTITION);
            }
        }
    }

    // Extents

    @Test
    void anExtentIsCommittedOnceAndInTime() throws RefusedException {
        ExtentSlice extent = group.extent(100);
        group.tell(group.putExtents("k", OFF, extent));
        assertThat(refusal(group.putExtents("l", OFF, extent))).isEqualTo(Refusal.INVALID_ARGUMENT);
        ExtentSlice twice = group.extent(100);
        assertThat(refusal(group.putExtents("l", OFF, twice, twice))).isEqualTo(Refusal.INVALID_ARGUMENT);
        ExtentSlice foreign = new ExtentSlice(
                ExtentId.create(group.nowMillis(), new java.util.SplittableRandom(7)),
                new VolumeId(5),
                new GroupId(2),
                10,
                0,
                10);
        assertThat(refusal(group.putExtents("l", OFF, foreign))).isEqualTo(Refusal.INVALID_ARGUMENT);
        ExtentSlice slow = group.extent(100);
        ExtentSlice tooSlow = group.extent(100);
        group.pass(Limits.COMMIT_LIMIT.toMillis());
        group.tell(group.putExtents("l", OFF, slow));
        group.pass(1);
        assertThat(refusal(group.putExtents("l", OFF, tooSlow))).isEqualTo(Refusal.EXTENT_TOO_OLD);
    }

    @Test
    void aRefusedCommandLeavesNothingOfItsExtents() throws RefusedException {
        ExtentSlice used = group.extent(100);
        ExtentSlice fresh = group.extent(100);
        group.tell(group.putExtents("k", OFF, used));
        assertThat(refusal(group.putExtents("l", OFF, fresh, used))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(group.ask(new BucketQuery.FindUnreferenced(List.of(fresh.extent(), used.extent())))
                        .extents())
                .containsExactly(fresh.extent());
        group.tell(group.putExtents("l", OFF, fresh));
    }

    // Sharing

    private BucketCommand.PutObject copy(String from, VersionId version, long offset, long length, String to) {
        return put(to, length, new Payload.Shared(PARTITION, from, version, offset, length), WriteCondition.NONE, OFF);
    }

    @Test
    void aCopyReferencesExtentsAndCopiesInlineBytes() throws RefusedException {
        ExtentSlice a = group.extent(100);
        ExtentSlice b = group.extent(50);
        VersionId extents = group.tell(group.putExtents("e", OFF, a, b)).version();
        VersionId inline = group.tell(put("i", "0123456789")).version();
        group.tell(copy("e", extents, 90, 20, "e2"));
        group.tell(copy("i", inline, 2, 3, "i2"));
        group.tell(copy("e", extents, 0, 150, "e3"));
        group.tell(TestGroup.delete("e", null, OFF));
        group.tell(TestGroup.delete("i", null, OFF));
        assertThat(group.get("e2").runs())
                .containsExactly(new DataRun.ExtentRun(a.cut(90, 10)), new DataRun.ExtentRun(b.cut(0, 10)));
        assertThat(group.body("i2")).isEqualTo("234");
        assertThat(group.get("e3").runs()).containsExactly(new DataRun.ExtentRun(a), new DataRun.ExtentRun(b));
        group.releaseAll();
        assertThat(group.due()).isEmpty();
        group.tell(TestGroup.delete("e2", null, OFF));
        group.tell(TestGroup.delete("e3", null, OFF));
        group.releaseAll();
        assertThat(group.due()).containsExactlyInAnyOrder(a, b);
    }

    @Test
    void aCopyOntoItselfKeepsTheBytes() throws RefusedException {
        ExtentSlice a = group.extent(100);
        VersionId version = group.tell(group.putExtents("k", OFF, a)).version();
        group.tell(copy("k", version, 0, 100, "k"));
        group.releaseAll();
        assertThat(group.due()).isEmpty();
        assertThat(group.get("k").runs()).containsExactly(new DataRun.ExtentRun(a));
    }

    @Test
    void aCopyOfWhatIsGoneOrBeyondItsEndIsRefused() throws RefusedException {
        VersionId first = group.tell(put("k", "0123456789")).version();
        assertThat(refusal(copy("k", first, 5, 6, "l"))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(copy("k", first, Long.MAX_VALUE, 5, "l"))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(copy("k", first, 0, Long.MAX_VALUE, "l"))).isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(refusal(copy("l", first, 0, 1, "m"))).isEqualTo(Refusal.SOURCE_CHANGED);
        group.tell(put("k", "another"));
        assertThat(refusal(copy("k", first, 0, 1, "l"))).isEqualTo(Refusal.SOURCE_CHANGED);
        VersionId marker = group.tell(TestGroup.delete("k", null, ON)).version();
        assertThat(marker).isNotNull();
        if (marker != null) {
            assertThat(refusal(copy("k", marker, 0, 0, "l"))).isEqualTo(Refusal.SOURCE_CHANGED);
        }
    }
}
