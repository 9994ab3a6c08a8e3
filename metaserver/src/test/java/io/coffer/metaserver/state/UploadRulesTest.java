package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.checksum.Checksummer;
import io.coffer.common.checksum.Md5;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketCommand.PartName;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.Window;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.StoredChecksum.Type;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@NullMarked
class UploadRulesTest {
    private static final long PART = Limits.MIN_PART_BYTES;

    @TempDir
    Path directory;

    private TestGroup group;
    private UploadId upload;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
        upload = group.upload();
    }

    @AfterEach
    void close() {
        group.close();
    }

    private void create(@Nullable ChecksumAlgorithm algorithm, @Nullable Type type) throws RefusedException {
        group.tell(new BucketCommand.CreateUpload(
                PARTITION,
                "k",
                upload,
                TestGroup.OWNER,
                TestGroup.OWNER,
                new ObjectAttributes(Map.of("content-type", "a/b"), Map.of()),
                algorithm,
                type));
    }

    private static String etag(int number) {
        return "%032x".formatted(number);
    }

    private ExtentSlice part(int number, long size) throws RefusedException {
        ExtentSlice extent = group.extent(size);
        group.tell(part(number, etag(number), null, extent));
        return extent;
    }

    private BucketCommand.PutPart part(int number, String etag, @Nullable StoredChecksum checksum, ExtentSlice extent) {
        return new BucketCommand.PutPart(
                PARTITION, "k", upload, number, etag, extent.length(), checksum, new Payload.Extents(List.of(extent)));
    }

    private static List<PartName> names(int... numbers) {
        List<PartName> names = new ArrayList<>();
        for (int number : numbers) {
            names.add(new PartName(number, etag(number), null));
        }
        return names;
    }

    private BucketCommand.CompleteUpload complete(List<PartName> parts) {
        return complete(parts, -1, null, WriteCondition.NONE);
    }

    private BucketCommand.CompleteUpload complete(
            List<PartName> parts, long size, @Nullable StoredChecksum checksum, WriteCondition condition) {
        return new BucketCommand.CompleteUpload(
                PARTITION, "k", upload, parts, size, checksum, condition, Versioning.UNVERSIONED);
    }

    private void refused(BucketCommand<?> command, Refusal refusal, String detail) {
        try {
            group.tell(command);
        } catch (RefusedException e) {
            assertThat(e.refusal()).isEqualTo(refusal);
            assertThat(e.detail()).isEqualTo(detail);
            return;
        }
        throw new AssertionError("not refused: " + command);
    }

    @Test
    void anObjectIsAssembledFromTheNamedParts() throws RefusedException {
        create(null, null);
        ExtentSlice one = part(1, PART);
        ExtentSlice unnamed = part(2, PART);
        ExtentSlice three = part(3, 10);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 1, 2 * PART + 10));
        Reply.CompleteReply reply = group.tell(complete(names(1, 3)));
        Checksummer md5 = Md5.newChecksummer();
        md5.update(ByteBuffer.wrap(HexFormat.of().parseHex(etag(1) + etag(3))));
        assertThat(reply.etag()).isEqualTo(HexFormat.of().formatHex(md5.digest()) + "-2");
        assertThat(reply.size()).isEqualTo(PART + 10);
        Reply.ObjectReply read = group.get("k");
        assertThat(read.runs()).containsExactly(new DataRun.ExtentRun(one), new DataRun.ExtentRun(three));
        assertThat(read.version().etag()).isEqualTo(reply.etag());
        assertThat(read.version().parts()).isEqualTo(2);
        assertThat(read.version().attributes().headers()).containsEntry("content-type", "a/b");
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 1, 0, 0, PART + 10));
        group.releaseAll();
        assertThat(group.due()).containsExactly(unnamed);
        assertThat(group.get("k", VersionSelector.LATEST, new Window.Part(3)).runs())
                .containsExactly(new DataRun.ExtentRun(three));
        assertThat(TestGroup.refusal(() -> group.get("k", VersionSelector.LATEST, new Window.Part(2))))
                .isEqualTo(Refusal.NO_SUCH_PART);
    }

    @Test
    void completingAgainIsAnsweredTheSame() throws RefusedException {
        create(null, null);
        part(1, 10);
        BucketCommand.CompleteUpload command =
                complete(names(1), -1, null, new WriteCondition(List.of(), List.of("*")));
        Reply.CompleteReply reply = group.tell(command);
        assertThat(group.tell(command)).isEqualTo(reply);
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        assertThat(group.tell(command)).isEqualTo(reply);
        assertThat(group.usage().versions()).isZero();
        group.releaseAll();
        refused(command, Refusal.NO_SUCH_UPLOAD, "");
    }

    @Test
    void anUploadThatIsOverIsUnknown() throws RefusedException {
        create(null, null);
        part(1, 10);
        group.tell(new BucketCommand.AbortUpload(PARTITION, "k", upload));
        refused(new BucketCommand.AbortUpload(PARTITION, "k", upload), Refusal.NO_SUCH_UPLOAD, "");
        refused(complete(names(1)), Refusal.NO_SUCH_UPLOAD, "");
        refused(part(1, etag(1), null, group.extent(1)), Refusal.NO_SUCH_UPLOAD, "");
        assertThat(TestGroup.refusal(() -> group.ask(new BucketQuery.GetUpload(PARTITION, "k", upload))))
                .isEqualTo(Refusal.NO_SUCH_UPLOAD);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 0, 0));
    }

    @Test
    void anUploadIsFoundUnderItsKeyOnly() throws RefusedException {
        create(null, null);
        refused(new BucketCommand.AbortUpload(PARTITION, "other", upload), Refusal.NO_SUCH_UPLOAD, "");
        part(1, 10);
        group.tell(complete(names(1)));
        refused(
                new BucketCommand.CompleteUpload(
                        PARTITION, "other", upload, names(1), -1, null, WriteCondition.NONE, Versioning.UNVERSIONED),
                Refusal.NO_SUCH_UPLOAD,
                "");
    }

    @Test
    void aPartIsReplaced() throws RefusedException {
        create(null, null);
        ExtentSlice first = part(1, 10);
        ExtentSlice second = part(1, 20);
        assertThat(group.usage().bytes()).isEqualTo(20);
        group.releaseAll();
        assertThat(group.due()).containsExactly(first);
        group.tell(complete(names(1)));
        assertThat(group.get("k").runs()).containsExactly(new DataRun.ExtentRun(second));
    }

    @Test
    void badListsOfPartsAreRefused() throws RefusedException {
        create(null, null);
        part(1, PART - 1);
        part(2, PART);
        part(3, 1);
        refused(complete(List.of()), Refusal.INVALID_ARGUMENT, "no parts");
        refused(complete(names(2, 1)), Refusal.INVALID_PART_ORDER, "1");
        refused(complete(names(2, 2)), Refusal.INVALID_PART_ORDER, "2");
        refused(complete(names(2, 4)), Refusal.INVALID_PART, "4");
        refused(complete(List.of(new PartName(2, etag(9), null))), Refusal.INVALID_PART, "2");
        refused(complete(names(1, 2)), Refusal.ENTITY_TOO_SMALL, "1");
        refused(complete(names(2, 3), PART, null, WriteCondition.NONE), Refusal.SIZE_MISMATCH, "" + (PART + 1));
        List<PartName> many = new ArrayList<>();
        for (int i = 1; i <= Limits.MAX_PARTS + 1; i++) {
            many.add(new PartName(i, etag(i), null));
        }
        refused(complete(many), Refusal.TOO_MANY_PARTS, "");
        group.tell(complete(names(2, 3), PART + 1, null, WriteCondition.NONE));
    }

    @Test
    void aRefusedCompletionChangesNothing() throws RefusedException {
        create(null, null);
        part(1, PART);
        part(2, 5);
        group.tell(TestGroup.put("k", "old"));
        List<String> before = group.rows("requests");
        refused(complete(names(2), 99, null, WriteCondition.NONE), Refusal.SIZE_MISMATCH, "5");
        refused(
                complete(names(1, 2), -1, null, new WriteCondition(List.of(), List.of("*"))),
                Refusal.PRECONDITION_FAILED,
                TestGroup.ETAG);
        assertThat(group.rows("requests")).isEqualTo(before);
    }

    @Test
    void badPartsAreRefused() throws RefusedException {
        create(ChecksumAlgorithm.CRC32, Type.COMPOSITE);
        ExtentSlice extent = group.extent(1);
        refused(part(0, etag(1), null, extent), Refusal.INVALID_ARGUMENT, "part number 0");
        refused(part(10_001, etag(1), null, extent), Refusal.INVALID_ARGUMENT, "part number 10001");
        refused(part(1, "etag", null, extent), Refusal.INVALID_ARGUMENT, "a part's ETag is an MD5");
        refused(part(1, etag(1), null, group.extent(Limits.MAX_PART_BYTES + 1)), Refusal.ENTITY_TOO_LARGE, "");
        refused(
                part(1, etag(1), new StoredChecksum(ChecksumAlgorithm.CRC32, Type.FULL_OBJECT, "x"), extent),
                Refusal.INVALID_ARGUMENT,
                "not a CRC32");
        refused(
                part(1, etag(1), new StoredChecksum(ChecksumAlgorithm.CRC32C, Type.FULL_OBJECT, "AAAAAA=="), extent),
                Refusal.INVALID_ARGUMENT,
                "the upload's checksums are CRC32");
        group.tell(part(1, etag(1), null, extent));
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, FULL_OBJECT, true",
        "CRC32, COMPOSITE, true",
        "CRC64NVME, FULL_OBJECT, true",
        "CRC64NVME, COMPOSITE, false",
        "SHA1, FULL_OBJECT, false",
        "SHA256, COMPOSITE, true",
        "SHA256, , false",
        ", , true",
        ", COMPOSITE, false",
    })
    void onlyPossibleChecksumsAreTaken(@Nullable ChecksumAlgorithm algorithm, @Nullable Type type, boolean possible) {
        assertThat(TestGroup.refusal(() -> create(algorithm, type)))
                .isEqualTo(possible ? null : Refusal.INVALID_ARGUMENT);
    }

    // Checksums of real bytes

    private static byte[] digest(ChecksumAlgorithm algorithm, byte[]... pieces) {
        Checksummer checksummer = algorithm.newChecksummer();
        for (byte[] piece : pieces) {
            checksummer.update(ByteBuffer.wrap(piece));
        }
        return checksummer.digest();
    }

    private static StoredChecksum checksum(ChecksumAlgorithm algorithm, Type type, byte[]... pieces) {
        return new StoredChecksum(algorithm, type, algorithm.encode(digest(algorithm, pieces)));
    }

    @ParameterizedTest
    @EnumSource(ChecksumAlgorithm.class)
    void checksumsOfTheWholeAreMadeFromTheParts(ChecksumAlgorithm algorithm) throws RefusedException {
        SplittableRandom random = new SplittableRandom(3);
        byte[][] bytes = {new byte[(int) PART], new byte[(int) PART + 13], new byte[7]};
        for (Type type : Type.values()) {
            boolean full = type == Type.FULL_OBJECT;
            if (full ? !algorithm.supportsFullObject() : !algorithm.supportsComposite()) {
                continue;
            }
            upload = group.upload();
            create(algorithm, type);
            List<PartName> names = new ArrayList<>();
            byte[][] digests = new byte[bytes.length][];
            for (int i = 0; i < bytes.length; i++) {
                random.nextBytes(bytes[i]);
                digests[i] = digest(algorithm, bytes[i]);
                StoredChecksum part = checksum(algorithm, Type.FULL_OBJECT, bytes[i]);
                group.tell(part(i + 1, etag(i + 1), part, group.extent(bytes[i].length)));
                names.add(new PartName(i + 1, etag(i + 1), part));
            }
            StoredChecksum whole = full ? checksum(algorithm, type, bytes) : checksum(algorithm, type, digests);
            StoredChecksum other = checksum(algorithm, type, new byte[1]);
            refused(complete(names, -1, other, WriteCondition.NONE), Refusal.CHECKSUM_MISMATCH, "");
            List<PartName> wrong = new ArrayList<>(names);
            wrong.set(1, new PartName(2, etag(2), other));
            refused(complete(wrong), Refusal.INVALID_PART, "2");
            assertThat(group.tell(complete(names, -1, whole, WriteCondition.NONE))
                            .checksum())
                    .isEqualTo(whole);
            assertThat(group.get("k").version().checksum()).isEqualTo(whole);
        }
    }

    @Test
    void anUploadThatNamesNoAlgorithmGetsTheDefaultsWhereEveryPartHasIt() throws RefusedException {
        byte[][] bytes = {new byte[(int) PART], new byte[7]};
        for (ChecksumAlgorithm second : List.of(ChecksumAlgorithm.DEFAULT, ChecksumAlgorithm.CRC32)) {
            upload = group.upload();
            create(null, null);
            for (int i = 0; i < bytes.length; i++) {
                ChecksumAlgorithm algorithm = i == 0 ? ChecksumAlgorithm.DEFAULT : second;
                StoredChecksum part = checksum(algorithm, Type.FULL_OBJECT, bytes[i]);
                group.tell(part(i + 1, etag(i + 1), part, group.extent(bytes[i].length)));
            }
            assertThat(group.tell(complete(names(1, 2))).checksum())
                    .isEqualTo(
                            second == ChecksumAlgorithm.DEFAULT
                                    ? checksum(ChecksumAlgorithm.DEFAULT, Type.FULL_OBJECT, bytes)
                                    : null);
        }
    }

    @Test
    void aPartWithoutChecksumLeavesTheWholeWithoutOne() throws RefusedException {
        create(ChecksumAlgorithm.CRC32, Type.FULL_OBJECT);
        group.tell(
                part(1, etag(1), checksum(ChecksumAlgorithm.CRC32, Type.FULL_OBJECT, new byte[1]), group.extent(PART)));
        part(2, 5);
        refused(
                complete(
                        names(1, 2),
                        -1,
                        checksum(ChecksumAlgorithm.CRC32, Type.FULL_OBJECT, new byte[1]),
                        WriteCondition.NONE),
                Refusal.CHECKSUM_MISMATCH,
                "");
        assertThat(group.tell(complete(names(1, 2))).checksum()).isNull();
    }

    // Size

    @Test
    void tenThousandPartsAreAssembledAndReadAndReleased() throws RefusedException {
        create(null, null);
        List<Integer> order = new ArrayList<>();
        for (int i = 1; i <= Limits.MAX_PARTS; i++) {
            order.add(i);
        }
        Collections.shuffle(order, new java.util.Random(5));
        ExtentSlice[] extents = new ExtentSlice[Limits.MAX_PARTS + 1];
        List<PartName> names = new ArrayList<>();
        for (int i : order) {
            extents[i] = part(i, PART + (i % 3000 == 0 ? 1 : 0));
        }
        for (int i = 1; i <= Limits.MAX_PARTS; i++) {
            names.add(new PartName(i, etag(i), null));
        }
        Reply.CompleteReply reply = group.tell(complete(names));
        assertThat(reply.etag()).endsWith("-10000");
        assertThat(reply.size()).isEqualTo(Limits.MAX_PARTS * PART + 3);
        long offset = 2999 * PART + PART - 2;
        assertThat(group.get("k", VersionSelector.LATEST, new Window.Range(offset, 10))
                        .runs())
                .containsExactly(
                        new DataRun.ExtentRun(extents[3000].cut(PART - 2, 3)),
                        new DataRun.ExtentRun(extents[3001].cut(0, 7)));
        Reply.ObjectReply whole = group.get("k");
        assertThat(whole.length()).isEqualTo(reply.size());
        assertThat(whole.runs().stream().mapToLong(DataRun::length).sum()).isEqualTo(BucketQuery.MAX_WINDOW);
        assertThat(group.ask(new BucketQuery.ListObjectParts(PARTITION, "k", VersionSelector.LATEST, 9998, 1000))
                        .parts())
                .extracting(ObjectPart::number)
                .containsExactly(9999, 10_000);
        VersionId version = reply.version();
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        assertThat(group.ask(new BucketQuery.ReadRuns(PARTITION, "k", version, offset, 10))
                        .runs())
                .hasSize(2);
        group.releaseAll();
        assertThat(TestGroup.refusal(() -> group.ask(new BucketQuery.ReadRuns(PARTITION, "k", version, offset, 10))))
                .isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(group.due()).hasSize(Limits.MAX_PARTS);
    }

    // Sharing

    @Test
    void aWholeCopySharesTheAssembly() throws RefusedException {
        create(null, null);
        ExtentSlice one = part(1, PART);
        ExtentSlice two = part(2, 10);
        VersionId version = group.tell(complete(names(1, 2))).version();
        Payload whole = new Payload.Shared(PARTITION, "k", version, 0, PART + 10);
        Payload slice = new Payload.Shared(PARTITION, "k", version, PART - 1, 2);
        group.tell(TestGroup.put("copy", PART + 10, whole, WriteCondition.NONE, Versioning.UNVERSIONED));
        group.tell(TestGroup.put("slice", 2, slice, WriteCondition.NONE, Versioning.UNVERSIONED));
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        group.releaseAll();
        assertThat(group.due()).isEmpty();
        assertThat(group.get("copy").version().parts()).isEqualTo(2);
        assertThat(group.get("copy").runs()).containsExactly(new DataRun.ExtentRun(one), new DataRun.ExtentRun(two));
        assertThat(group.get("slice").version().parts()).isZero();
        group.tell(TestGroup.delete("copy", null, Versioning.UNVERSIONED));
        group.releaseAll();
        assertThat(group.due()).isEmpty();
        assertThat(group.get("slice").runs())
                .containsExactly(new DataRun.ExtentRun(one.cut(PART - 1, 1)), new DataRun.ExtentRun(two.cut(0, 1)));
        group.tell(TestGroup.delete("slice", null, Versioning.UNVERSIONED));
        group.releaseAll();
        assertThat(group.due()).containsExactlyInAnyOrder(one, two);
    }

    @Test
    void aPartIsCopiedFromAnAssembledObject() throws RefusedException {
        create(null, null);
        ExtentSlice one = part(1, PART);
        part(2, 10);
        VersionId version = group.tell(complete(names(1, 2))).version();
        upload = group.upload();
        create(null, null);
        group.tell(new BucketCommand.PutPart(
                PARTITION,
                "k",
                upload,
                7,
                etag(7),
                PART + 10,
                null,
                new Payload.Shared(PARTITION, "k", version, 0, PART + 10)));
        group.tell(complete(names(7)));
        Reply.ObjectReply read = group.get("k");
        assertThat(read.runs()).hasSize(2).contains(new DataRun.ExtentRun(one));
        assertThat(read.version().parts()).isEqualTo(1);
        group.releaseAll();
        assertThat(group.due()).isEmpty();
    }
}
