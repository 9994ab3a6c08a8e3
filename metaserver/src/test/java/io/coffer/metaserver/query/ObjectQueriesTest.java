package io.coffer.metaserver.query;

import static io.coffer.metaserver.query.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetObject;
import io.coffer.common.metadata.BucketQuery.ReadRuns;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Seal;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ObjectQueriesTest {
    private static final PartitionRef PARTITION = TestGroup.PARTITION;
    private static final VersionSelector LATEST = VersionSelector.LATEST;
    private static final Window WHOLE = new Window.Range(0, Long.MAX_VALUE);
    private static final long PART = Limits.MIN_PART_BYTES;
    private static final long EXTENT = 64L << 20;

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

    private VersionId put(String key, String body, Versioning versioning) throws RefusedException {
        group.pass(1);
        return group.tell(TestGroup.put(key, body, WriteCondition.NONE, versioning))
                .version();
    }

    // Which version

    @Test
    void eachVersionIsFoundAndOnlyTheNewestIsLatest() throws RefusedException {
        VersionId plain = put("k", "null", Versioning.UNVERSIONED);
        VersionId older = put("k", "older", Versioning.ENABLED);
        VersionId newer = put("k", "newer", Versioning.ENABLED);
        put("k\0", "neighbour", Versioning.ENABLED);
        assertFound(LATEST, newer, "newer", true);
        assertFound(new VersionSelector.Exact(newer), newer, "newer", true);
        assertFound(new VersionSelector.Exact(older), older, "older", false);
        assertFound(VersionSelector.NULL, plain, "null", false);
        assertFound(new VersionSelector.Exact(plain), plain, "null", false);
    }

    private void assertFound(VersionSelector selector, VersionId id, String body, boolean latest)
            throws RefusedException {
        Reply.ObjectReply reply = group.get("k", selector, WHOLE);
        assertThat(reply.version().version()).isEqualTo(id);
        assertThat(reply.version().latest()).isEqualTo(latest);
        assertThat(reply.version().nullVersion()).isEqualTo(body.equals("null"));
        assertThat(TestGroup.text(reply.runs())).isEqualTo(body);
    }

    @Test
    void aDeleteMarkerIsAnsweredWithoutRuns() throws RefusedException {
        put("k", "old", Versioning.ENABLED);
        VersionId marker =
                group.tell(TestGroup.delete("k", null, Versioning.SUSPENDED)).version();
        for (VersionSelector selector : List.of(LATEST, VersionSelector.NULL, new VersionSelector.Exact(marker))) {
            Reply.ObjectReply reply = group.get("k", selector, new Window.Part(2));
            assertThat(reply.version())
                    .isEqualTo(new ObjectVersion(
                            "k",
                            marker,
                            true,
                            true,
                            true,
                            TestGroup.OWNER,
                            "",
                            0,
                            reply.version().modifiedMillis(),
                            0,
                            null,
                            ObjectAttributes.EMPTY));
            assertThat(reply.runs()).isEmpty();
            assertThat(reply.length()).isZero();
        }
    }

    @Test
    void whatIsMissingIsRefusedByWhatWasAskedFor() throws RefusedException {
        VersionId elsewhere = put("k", "", Versioning.ENABLED);
        assertRefused(Refusal.NO_SUCH_KEY, group, get("j", LATEST, WHOLE));
        assertRefused(Refusal.NO_SUCH_VERSION, group, get("j", VersionSelector.NULL, WHOLE));
        assertRefused(Refusal.NO_SUCH_VERSION, group, get("k", VersionSelector.NULL, WHOLE));
        assertRefused(Refusal.NO_SUCH_VERSION, group, get("j", new VersionSelector.Exact(elsewhere), WHOLE));
        assertRefused(Refusal.NO_SUCH_KEY, group, get("", LATEST, WHOLE));
    }

    private static GetObject get(String key, VersionSelector version, Window window) {
        return new GetObject(PARTITION, key, version, window);
    }

    @Test
    void aKeyOfAnotherPartitionIsRefused() throws RefusedException {
        PartitionRef right = new PartitionRef(TestGroup.BUCKET, new PartitionId(4), 1);
        group.tell(new BucketCommand.OpenPartition(
                TestGroup.BUCKET, new Partition(right.partition(), "m", "t", new GroupId(1), 1)));
        put("l", "", Versioning.UNVERSIONED);
        put("m", "", Versioning.UNVERSIONED);
        put("t", "", Versioning.UNVERSIONED);
        for (String key : List.of("l", "t")) {
            assertRefused(Refusal.WRONG_PARTITION, group, new GetObject(right, key, LATEST, WHOLE));
            assertRefused(Refusal.WRONG_PARTITION, group, new BucketQuery.ListObjectParts(right, key, LATEST, 0, 10));
            assertRefused(Refusal.WRONG_PARTITION, group, new BucketQuery.ListParts(right, key, group.upload(), 0, 10));
        }
        assertThat(group.ask(new GetObject(right, "m", LATEST, WHOLE)).version().key())
                .isEqualTo("m");
        PartitionRef otherBucket = new PartitionRef(new BucketId(8), PARTITION.partition(), 1);
        assertRefused(Refusal.WRONG_PARTITION, group, new GetObject(otherBucket, "m", LATEST, WHOLE));
    }

    // Which bytes

    @Test
    void windowsAreCutFromInlineBytes() throws RefusedException {
        put("k", "0123456789", Versioning.UNVERSIONED);
        assertWindow(Window.NONE, 0, 0, "");
        assertWindow(WHOLE, 0, 10, "0123456789");
        assertWindow(new Window.Range(3, 4), 3, 4, "3456");
        assertWindow(new Window.Range(8, 4), 8, 2, "89");
        assertWindow(new Window.Range(10, 4), 10, 0, "");
        assertWindow(new Window.Range(11, 4), 10, 0, "");
        assertWindow(new Window.Range(4, 0), 4, 0, "");
        assertWindow(new Window.Suffix(3), 7, 3, "789");
        assertWindow(new Window.Suffix(30), 0, 10, "0123456789");
        assertWindow(new Window.Suffix(0), 10, 0, "");
        assertWindow(new Window.Part(1), 0, 10, "0123456789");
        assertRefused(Refusal.NO_SUCH_PART, group, get("k", LATEST, new Window.Part(2)));
        assertRefused(Refusal.NO_SUCH_PART, group, get("k", LATEST, new Window.Part(0)));
        assertRefused(Refusal.INVALID_ARGUMENT, group, get("k", LATEST, new Window.Range(-1, 5)));
        assertRefused(Refusal.INVALID_ARGUMENT, group, get("k", LATEST, new Window.Range(1, -5)));
        assertRefused(Refusal.INVALID_ARGUMENT, group, get("k", LATEST, new Window.Suffix(-1)));
    }

    private void assertWindow(Window window, long offset, long length, String body) throws RefusedException {
        Reply.ObjectReply reply = group.get("k", LATEST, window);
        assertThat(reply.offset()).as("offset of %s", window).isEqualTo(offset);
        assertThat(reply.length()).as("length of %s", window).isEqualTo(length);
        assertThat(TestGroup.text(reply.runs())).as("bytes of %s", window).isEqualTo(body);
        assertThat(reply.version().size()).isEqualTo(10);
    }

    @Test
    void anEmptyObjectHasNoRuns() throws RefusedException {
        put("k", "", Versioning.UNVERSIONED);
        assertThat(group.get("k", LATEST, WHOLE).runs()).isEmpty();
        assertThat(group.get("k", LATEST, new Window.Suffix(5)).runs()).isEmpty();
        assertThat(group.get("k", LATEST, new Window.Part(1)).runs()).isEmpty();
    }

    @Test
    void windowsAreCutFromExtents() throws RefusedException {
        ExtentSlice a = group.extent(100);
        ExtentSlice b = group.extent(50);
        ExtentSlice c = group.extent(7);
        group.tell(group.putExtents("k", Versioning.UNVERSIONED, a, b, c));
        assertThat(group.get("k").runs()).containsExactly(run(a), run(b), run(c));
        assertThat(runs(new Window.Range(99, 52))).containsExactly(run(a.cut(99, 1)), run(b), run(c.cut(0, 1)));
        assertThat(runs(new Window.Range(100, 50))).containsExactly(run(b));
        assertThat(runs(new Window.Range(110, 5))).containsExactly(run(b.cut(10, 5)));
        assertThat(runs(new Window.Suffix(1))).containsExactly(run(c.cut(6, 1)));
    }

    private static DataRun run(ExtentSlice slice) {
        return new DataRun.ExtentRun(slice);
    }

    private List<DataRun> runs(Window window) throws RefusedException {
        return group.get("k", LATEST, window).runs();
    }

    @Test
    void longWindowsAreAnsweredPieceByPiece() throws RefusedException {
        ExtentSlice[] extents = new ExtentSlice[40];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = group.extent(EXTENT);
        }
        group.tell(group.putExtents("k", Versioning.UNVERSIONED, extents));
        Reply.ObjectReply first = group.get("k", LATEST, new Window.Range(5, Long.MAX_VALUE));
        assertThat(first.length()).isEqualTo(40 * EXTENT - 5);
        assertThat(length(first.runs())).isEqualTo(BucketQuery.MAX_WINDOW);
        List<DataRun> all = follow("k", first);
        assertThat(length(all)).isEqualTo(first.length());
        assertThat(all.getLast()).isEqualTo(run(extents[39]));
    }

    private static long length(List<DataRun> runs) {
        return runs.stream().mapToLong(DataRun::length).sum();
    }

    /** All runs of the window, as a reader goes on. */
    private List<DataRun> follow(String key, Reply.ObjectReply first) throws RefusedException {
        List<DataRun> all = new ArrayList<>(first.runs());
        while (length(all) < first.length()) {
            long done = length(all);
            List<DataRun> more = group.ask(new ReadRuns(
                            PARTITION, key, first.version().version(), first.offset() + done, first.length() - done))
                    .runs();
            assertThat(more).isNotEmpty();
            all.addAll(more);
        }
        return all;
    }

    // Assembled objects

    private BucketCommand.PutPart part(String key, UploadId upload, int number, long size, Payload payload) {
        return new BucketCommand.PutPart(PARTITION, key, upload, number, TestGroup.ETAG, size, null, payload);
    }

    private ExtentSlice putPart(String key, UploadId upload, int number, long size) throws RefusedException {
        ExtentSlice extent = group.extent(size);
        group.tell(part(key, upload, number, size, new Payload.Extents(List.of(extent))));
        return extent;
    }

    private UploadId createUpload(String key) throws RefusedException {
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, key, upload, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null));
        return upload;
    }

    private VersionId complete(String key, UploadId upload, int... numbers) throws RefusedException {
        List<BucketCommand.PartName> names = new ArrayList<>();
        for (int number : numbers) {
            names.add(new BucketCommand.PartName(number, TestGroup.ETAG, null));
        }
        return group.tell(new BucketCommand.CompleteUpload(
                        PARTITION, key, upload, names, -1, null, WriteCondition.NONE, Versioning.UNVERSIONED))
                .version();
    }

    @Test
    void windowsAreCutFromParts() throws RefusedException {
        UploadId upload = createUpload("k");
        ExtentSlice a = putPart("k", upload, 2, PART);
        ExtentSlice b = putPart("k", upload, 3, PART + 1);
        putPart("k", upload, 4, PART);
        ExtentSlice c = putPart("k", upload, 7, 9);
        complete("k", upload, 2, 3, 7);
        assertThat(group.get("k").runs()).containsExactly(run(a), run(b), run(c));
        assertThat(runs(new Window.Range(PART - 1, 2))).containsExactly(run(a.cut(PART - 1, 1)), run(b.cut(0, 1)));
        assertThat(runs(new Window.Range(PART, PART + 1))).containsExactly(run(b));
        assertThat(runs(new Window.Suffix(10))).containsExactly(run(b.cut(PART, 1)), run(c));
        Reply.ObjectReply third = group.get("k", LATEST, new Window.Part(3));
        assertThat(third.offset()).isEqualTo(PART);
        assertThat(third.length()).isEqualTo(PART + 1);
        assertThat(third.runs()).containsExactly(run(b));
        assertThat(third.version().parts()).isEqualTo(3);
        for (int number : new int[] {0, 1, 4, 8}) {
            assertRefused(Refusal.NO_SUCH_PART, group, get("k", LATEST, new Window.Part(number)));
        }
    }

    @Test
    void anAnswerCarriesFewInlineBytes() throws RefusedException {
        UploadId source = createUpload("source");
        putPart("source", source, 1, PART);
        ByteBuffer tail = ByteBuffer.allocate(Limits.MAX_INLINE_BYTES);
        group.tell(part("source", source, 2, tail.remaining(), new Payload.Inline(tail)));
        VersionId version = complete("source", source, 1, 2);
        long size = PART + Limits.MAX_INLINE_BYTES;
        UploadId upload = createUpload("k");
        for (int number = 1; number <= 6; number++) {
            group.tell(part("k", upload, number, size, new Payload.Shared(PARTITION, "source", version, 0, size)));
        }
        complete("k", upload, 1, 2, 3, 4, 5, 6);
        Reply.ObjectReply reply = group.get("k");
        assertThat(reply.length()).isEqualTo(6 * size);
        assertThat(inline(reply.runs())).isEqualTo(2L * Limits.MAX_INLINE_BYTES);
        List<DataRun> all = follow("k", reply);
        assertThat(inline(all)).isEqualTo(6L * Limits.MAX_INLINE_BYTES);
        assertThat(length(all)).isEqualTo(6 * size);
    }

    @Test
    void sealedInlineBytesComeWholeWhateverIsAskedOfThem() throws RefusedException {
        Seal seal = new Seal(ByteBuffer.wrap(new byte[] {1}));
        ByteBuffer bytes = ByteBuffer.wrap(new byte[] {10, 11, 12, 13, 14, 99, 99});
        group.tell(TestGroup.put("k", 5, new Payload.Inline(bytes, seal), WriteCondition.NONE, Versioning.UNVERSIONED));
        Reply.ObjectReply whole = group.get("k");
        assertThat(whole.version().size()).isEqualTo(5);
        assertThat(whole.runs()).containsExactly(new DataRun.InlineRun(bytes, 0, 5, seal));
        assertThat(runs(new Window.Range(1, 3))).containsExactly(new DataRun.InlineRun(bytes, 1, 3, seal));
        VersionId version = whole.version().version();
        group.tell(TestGroup.put(
                "part",
                3,
                new Payload.Shared(PARTITION, "k", version, 1, 3),
                WriteCondition.NONE,
                Versioning.UNVERSIONED));
        assertThat(group.get("part", LATEST, new Window.Range(1, 2)).runs())
                .containsExactly(new DataRun.InlineRun(bytes, 2, 2, seal));
        assertThat(group.usage().bytes()).isEqualTo(8);
        for (long size : new long[] {0, 8}) {
            Payload payload = new Payload.Inline(bytes, seal);
            assertThat(TestGroup.refusal(() -> group.tell(
                            TestGroup.put("bad", size, payload, WriteCondition.NONE, Versioning.UNVERSIONED))))
                    .isEqualTo(Refusal.INVALID_ARGUMENT);
        }
    }

    private static long inline(List<DataRun> runs) {
        return length(
                runs.stream().filter(run -> run instanceof DataRun.InlineRun).toList());
    }

    // Readers of what is gone

    @Test
    void aDownloadFinishesAfterTheObjectWasReplacedOrDeleted() throws RefusedException {
        ExtentSlice extent = group.extent(100);
        VersionId old = group.tell(group.putExtents("k", Versioning.UNVERSIONED, extent))
                .version();
        put("k", "new", Versioning.UNVERSIONED);
        assertRefused(Refusal.NO_SUCH_VERSION, group, get("k", new VersionSelector.Exact(old), WHOLE));
        assertThat(group.ask(readRuns("k", old, 10, 1000)).runs()).containsExactly(run(extent.cut(10, 90)));
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        assertThat(group.ask(readRuns("k", old, 0, 5)).runs()).containsExactly(run(extent.cut(0, 5)));
        group.tell(new BucketCommand.ClosePartition(PARTITION.bucket(), PARTITION.partition()));
        assertThat(group.ask(readRuns("k", old, 100, 5)).runs()).isEmpty();
        assertThat(group.ask(readRuns("k", old, 99, 5)).runs()).containsExactly(run(extent.cut(99, 1)));
    }

    private static ReadRuns readRuns(String key, VersionId version, long offset, long length) {
        return new ReadRuns(PARTITION, key, version, offset, length);
    }

    @Test
    void aDownloadOfAnAssembledObjectFinishesToo() throws RefusedException {
        UploadId upload = createUpload("k");
        putPart("k", upload, 1, PART);
        ExtentSlice last = putPart("k", upload, 2, 10);
        VersionId version = complete("k", upload, 1, 2);
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        assertThat(group.ask(readRuns("k", version, PART + 5, 100)).runs()).containsExactly(run(last.cut(5, 5)));
    }

    @Test
    void whatWasReclaimedIsGoneForReaders() throws RefusedException {
        VersionId version = group.tell(group.putExtents("k", Versioning.UNVERSIONED, group.extent(100)))
                .version();
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        group.pass(Limits.RETIRE_GRACE.toMillis() - 1);
        group.tell(new BucketCommand.ReleaseParts(10));
        assertThat(group.ask(readRuns("k", version, 0, 5)).runs()).hasSize(1);
        group.pass(1);
        group.tell(new BucketCommand.ReleaseParts(10));
        assertRefused(Refusal.NO_SUCH_KEY, group, readRuns("k", version, 0, 5));
    }

    @Test
    void runsAreReadOfTheVersionOfThatKeyOnly() throws RefusedException {
        VersionId gone = group.tell(group.putExtents("k", Versioning.UNVERSIONED, group.extent(100)))
                .version();
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        VersionId noncurrent = put("j", "old", Versioning.ENABLED);
        VersionId current = put("j", "new", Versioning.ENABLED);
        assertRefused(Refusal.NO_SUCH_KEY, group, readRuns("j", gone, 0, 5));
        assertRefused(Refusal.NO_SUCH_KEY, group, readRuns("k", current, 0, 5));
        assertRefused(Refusal.NO_SUCH_KEY, group, readRuns("k", new VersionId(gone.sequence() + 1), 0, 5));
        assertThat(TestGroup.text(group.ask(readRuns("j", noncurrent, 1, 5)).runs()))
                .isEqualTo("ld");
        assertThat(TestGroup.text(group.ask(readRuns("j", current, 1, 5)).runs()))
                .isEqualTo("ew");
        assertRefused(Refusal.INVALID_ARGUMENT, group, readRuns("j", current, -1, 5));
    }

    // Parts of objects

    @Test
    void thePartsOfAnObjectAreListedByNumber() throws RefusedException {
        UploadId upload = createUpload("k");
        for (int number : new int[] {2, 3, 4, 7}) {
            putPart("k", upload, number, number == 7 ? 9 : PART);
        }
        VersionId version = complete("k", upload, 2, 3, 7);
        Reply.PartsPage all = parts("k", new VersionSelector.Exact(version), 0, 1000);
        assertThat(all.upload()).isNull();
        assertThat(all.total()).isEqualTo(3);
        assertThat(all.truncated()).isFalse();
        assertThat(all.parts()).extracting(part -> part.number()).containsExactly(2, 3, 7);
        assertThat(all.parts()).extracting(part -> part.size()).containsExactly(PART, PART, 9L);
        assertThat(all.parts().getFirst().etag()).isEqualTo(TestGroup.ETAG);
        Reply.PartsPage first = parts("k", LATEST, 0, 2);
        assertThat(first.parts()).hasSize(2);
        assertThat(first.truncated()).isTrue();
        Reply.PartsPage second = parts("k", LATEST, 3, 1);
        assertThat(second.parts()).extracting(part -> part.number()).containsExactly(7);
        assertThat(second.truncated()).isFalse();
        assertThat(second.total()).isEqualTo(3);
    }

    private Reply.PartsPage parts(String key, VersionSelector version, int after, int limit) throws RefusedException {
        return group.ask(new BucketQuery.ListObjectParts(PARTITION, key, version, after, limit));
    }

    @Test
    void anObjectThatWasNotAssembledHasNoParts() throws RefusedException {
        put("k", "whole", Versioning.UNVERSIONED);
        assertThat(parts("k", LATEST, 0, 10)).isEqualTo(new Reply.PartsPage(null, List.of(), false, 0));
        assertRefused(Refusal.NO_SUCH_KEY, group, new BucketQuery.ListObjectParts(PARTITION, "j", LATEST, 0, 10));
    }

    @Test
    void aDeleteMarkerHasNoParts() throws RefusedException {
        put("k", "", Versioning.ENABLED);
        VersionId marker =
                group.tell(TestGroup.delete("k", null, Versioning.ENABLED)).version();
        assertRefused(Refusal.NO_SUCH_KEY, group, new BucketQuery.ListObjectParts(PARTITION, "k", LATEST, 0, 10));
        assertRefused(
                Refusal.NO_SUCH_VERSION,
                group,
                new BucketQuery.ListObjectParts(PARTITION, "k", new VersionSelector.Exact(marker), 0, 10));
    }
}
