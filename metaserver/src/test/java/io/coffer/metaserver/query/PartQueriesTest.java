package io.coffer.metaserver.query;

import static io.coffer.metaserver.query.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.checksum.ChecksumAlgorithm;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.GetUpload;
import io.coffer.common.metadata.BucketQuery.ListParts;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectPart;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.StoredChecksum;
import io.coffer.common.metadata.Upload;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartQueriesTest {
    private static final PartitionRef PARTITION = TestGroup.PARTITION;
    private static final ObjectAttributes ATTRIBUTES =
            new ObjectAttributes(Map.of("content-type", "text/plain"), Map.of("a", "b"));
    private static final StoredChecksum CRC =
            new StoredChecksum(ChecksumAlgorithm.CRC32, StoredChecksum.Type.FULL_OBJECT, "AAAAAA==");

    @TempDir
    Path directory;

    private TestGroup group;
    private UploadId upload;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
        upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION,
                "k",
                upload,
                TestGroup.OWNER,
                TestGroup.OWNER,
                ATTRIBUTES,
                ChecksumAlgorithm.CRC32,
                StoredChecksum.Type.FULL_OBJECT));
    }

    @AfterEach
    void close() {
        group.close();
    }

    private void putPart(int number, int size) throws RefusedException {
        group.tell(new BucketCommand.PutPart(
                PARTITION,
                "k",
                upload,
                number,
                TestGroup.ETAG,
                size,
                CRC,
                new Payload.Inline(ByteBuffer.allocate(size))));
    }

    private Upload asCreated() {
        return new Upload(
                "k",
                upload,
                TestGroup.OWNER,
                TestGroup.OWNER,
                upload.birthMillis(),
                ATTRIBUTES,
                ChecksumAlgorithm.CRC32,
                StoredChecksum.Type.FULL_OBJECT);
    }

    @Test
    void anUploadIsAnsweredAsItWasCreated() throws RefusedException {
        assertThat(group.ask(new GetUpload(PARTITION, "k", upload)).upload()).isEqualTo(asCreated());
    }

    @Test
    void anUploadIsKnownByItsKeyAndId() throws RefusedException {
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new GetUpload(PARTITION, "j", upload));
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new GetUpload(PARTITION, "k", group.upload()));
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new ListParts(PARTITION, "j", upload, 0, 10));
        group.tell(new BucketCommand.AbortUpload(PARTITION, "k", upload));
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new GetUpload(PARTITION, "k", upload));
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new ListParts(PARTITION, "k", upload, 0, 10));
    }

    @Test
    void partsAreListedByNumber() throws RefusedException {
        for (int number : new int[] {10, 1, 256, 2, 10_000}) {
            group.pass(1);
            putPart(number, number);
        }
        putPart(2, 22);
        assertThat(numbers(0, 1000)).containsExactly(1, 2, 10, 256, 10_000);
        assertThat(numbers(2, 2)).containsExactly(10, 256);
        assertThat(numbers(9, 1)).containsExactly(10);
        assertThat(numbers(10_000, 1)).isEmpty();
        Reply.PartsPage page = group.ask(new ListParts(PARTITION, "k", upload, 1, 1));
        assertThat(page)
                .isEqualTo(new Reply.PartsPage(
                        asCreated(), List.of(new ObjectPart(2, 22, TestGroup.ETAG, group.nowMillis(), CRC)), true, 5));
    }

    private List<Integer> numbers(int after, int limit) throws RefusedException {
        return group.ask(new ListParts(PARTITION, "k", upload, after, limit)).parts().stream()
                .map(ObjectPart::number)
                .toList();
    }

    @Test
    void aPageIsTruncatedExactlyWhenPartsFollow() throws RefusedException {
        putPart(1, 1);
        putPart(2, 1);
        UploadId next = new UploadId(upload.high(), upload.low() + 1);
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, "k", next, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null));
        group.tell(new BucketCommand.PutPart(
                PARTITION, "k", next, 1, TestGroup.ETAG, 0, null, new Payload.Inline(ByteBuffer.allocate(0))));
        assertThat(group.ask(new ListParts(PARTITION, "k", upload, 0, 1)).truncated())
                .isTrue();
        assertThat(group.ask(new ListParts(PARTITION, "k", upload, 0, 2)).truncated())
                .isFalse();
        assertThat(group.ask(new ListParts(PARTITION, "k", upload, 0, 0)))
                .isEqualTo(new Reply.PartsPage(asCreated(), List.of(), false, 2));
    }

    @Test
    void pagesAreBounded() {
        assertRefused(
                Refusal.INVALID_ARGUMENT, group, new ListParts(PARTITION, "k", upload, 0, BucketQuery.MAX_PAGE + 1));
        assertRefused(Refusal.INVALID_ARGUMENT, group, new ListParts(PARTITION, "k", upload, 0, -1));
        assertRefused(Refusal.INVALID_ARGUMENT, group, new ListParts(PARTITION, "k", upload, -1, 10));
    }
}
