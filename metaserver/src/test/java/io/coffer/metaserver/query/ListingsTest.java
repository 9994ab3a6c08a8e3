package io.coffer.metaserver.query;

import static io.coffer.metaserver.query.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketQuery.ListObjects;
import io.coffer.common.metadata.BucketQuery.ListUploads;
import io.coffer.common.metadata.BucketQuery.ListVersions;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectVersion;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Reply.Entry;
import io.coffer.common.metadata.Upload;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the random pages of {@link ListingSeededTest} don't reach. */
class ListingsTest {
    private static final PartitionRef PARTITION = TestGroup.PARTITION;
    private static final PartitionRef MIDDLE = new PartitionRef(TestGroup.BUCKET, new PartitionId(4), 2);

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
        group.tell(new BucketCommand.OpenPartition(
                MIDDLE.bucket(), new Partition(MIDDLE.partition(), "m", "t", new GroupId(1), MIDDLE.epoch())));
    }

    @AfterEach
    void close() {
        group.close();
    }

    private static ListObjects all(PartitionRef partition) {
        return new ListObjects(partition, "", "", "", BucketQuery.MAX_PAGE);
    }

    private List<String> keys(ListObjects query) throws RefusedException {
        return group.ask(query).entries().stream()
                .map(entry -> switch (entry) {
                    case Entry.Item<ObjectVersion>(ObjectVersion value) -> value.key();
                    case Entry.CommonPrefix<ObjectVersion>(String prefix) -> prefix;
                })
                .toList();
    }

    @Test
    void anObjectIsShownWithItsStorageClassAlone() throws RefusedException {
        ObjectAttributes attributes = new ObjectAttributes(
                Map.of("x-amz-storage-class", "STANDARD_IA", "content-type", "text/plain"), Map.of("a", "b"));
        Reply.PutReply put = group.tell(new BucketCommand.PutObject(
                PARTITION,
                "key",
                TestGroup.OWNER,
                TestGroup.ETAG,
                3,
                null,
                attributes,
                new Payload.Inline(ByteBuffer.wrap(new byte[3])),
                WriteCondition.NONE,
                Versioning.UNVERSIONED));
        assertThat(group.ask(all(PARTITION)))
                .isEqualTo(new Reply.ObjectsPage(
                        List.of(new Entry.Item<>(new ObjectVersion(
                                "key",
                                put.version(),
                                true,
                                true,
                                false,
                                TestGroup.OWNER,
                                TestGroup.ETAG,
                                3,
                                put.modifiedMillis(),
                                0,
                                null,
                                new ObjectAttributes(Map.of("x-amz-storage-class", "STANDARD_IA"), Map.of())))),
                        false,
                        "key"));
    }

    @Test
    void anEmptyPageHasNoLast() throws RefusedException {
        assertThat(group.ask(all(PARTITION))).isEqualTo(new Reply.ObjectsPage(List.of(), false, ""));
    }

    @Test
    void bucketsOfOneGroupDontMix() throws RefusedException {
        PartitionRef neighbour = new PartitionRef(new BucketId(8), new PartitionId(9), 1);
        group.tell(new BucketCommand.OpenPartition(
                neighbour.bucket(), new Partition(neighbour.partition(), "", "", new GroupId(1), 1)));
        group.tell(TestGroup.put("here", ""));
        assertThat(keys(all(neighbour))).isEmpty();
        assertThat(keys(all(PARTITION))).containsExactly("here");
    }

    @Test
    void aPartitionShowsItsKeysAlone() throws RefusedException {
        for (String key : List.of("a", "l/z", "m", "n/1", "s", "t", "z")) {
            group.tell(TestGroup.put(key, ""));
            group.tell(createUpload(key, group.upload()));
        }
        assertThat(keys(all(MIDDLE))).containsExactly("m", "n/1", "s");
        assertThat(keys(new ListObjects(MIDDLE, "", "/", "a", 10))).containsExactly("m", "n/", "s");
        assertThat(keys(new ListObjects(MIDDLE, "a", "", "", 10))).isEmpty();
        assertThat(keys(new ListObjects(MIDDLE, "", "", "t", 10))).isEmpty();
        assertThat(group.ask(new ListObjects(MIDDLE, "", "", "", 3)).truncated())
                .isFalse();
        assertThat(group.ask(new ListVersions(MIDDLE, "", "", "", null, 10)).entries())
                .hasSize(3);
        assertThat(group.ask(new ListVersions(MIDDLE, "", "", "a", VersionSelector.NULL, 10))
                        .entries())
                .hasSize(3);
        assertThat(group.ask(new ListUploads(MIDDLE, "", "", "", null, 10)).entries())
                .hasSize(3);
    }

    private static BucketCommand.CreateUpload createUpload(String key, UploadId upload) {
        return new BucketCommand.CreateUpload(
                PARTITION, key, upload, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null);
    }

    @Test
    void aKeyBehindADeleteMarkerIsNoObject() throws RefusedException {
        group.tell(TestGroup.put("a", "1", WriteCondition.NONE, Versioning.ENABLED));
        group.tell(TestGroup.put("b", "1", WriteCondition.NONE, Versioning.ENABLED));
        group.tell(TestGroup.delete("a", null, Versioning.ENABLED));
        assertThat(keys(all(PARTITION))).containsExactly("b");
        assertThat(group.ask(new ListObjects(PARTITION, "", "", "", 1)).truncated())
                .isFalse();
    }

    @Test
    void uploadsOfAKeyAreInTheOrderOfTheirInitiation() throws RefusedException {
        UploadId second = new UploadId(group.nowMillis() + 1 << 16, 1);
        UploadId first = new UploadId(group.nowMillis() << 16 | 5, 2);
        UploadId third = new UploadId(group.nowMillis() + 1 << 16, -1);
        for (UploadId upload : List.of(third, second, first)) {
            group.tell(createUpload("k", upload));
        }
        List<Upload> uploads = group.ask(new ListUploads(PARTITION, "", "", "", null, 10)).entries().stream()
                .map(entry -> ((Entry.Item<Upload>) entry).value())
                .toList();
        assertThat(uploads).extracting(Upload::id).containsExactly(first, second, third);
        assertThat(uploads.getFirst())
                .isEqualTo(new Upload(
                        "k",
                        first,
                        TestGroup.OWNER,
                        TestGroup.OWNER,
                        group.nowMillis(),
                        ObjectAttributes.EMPTY,
                        null,
                        null));
    }

    @Test
    void uploadsThatWereAbortedWithTheirPartitionStayAway() throws RefusedException {
        UploadId old = group.upload();
        group.tell(createUpload("a/1", old));
        group.tell(new BucketCommand.ClosePartition(PARTITION.bucket(), PARTITION.partition()));
        assertRefused(Refusal.NO_SUCH_BUCKET, group, new ListUploads(PARTITION, "", "", "", null, 10));
        group.tell(new BucketCommand.ReopenPartition(PARTITION.bucket(), PARTITION.partition()));
        group.tell(createUpload("b/1", group.upload()));
        assertThat(group.ask(new ListUploads(PARTITION, "", "/", "", null, 1)))
                .isEqualTo(new Reply.UploadsPage(List.of(new Entry.CommonPrefix<>("b/")), false));
        assertRefused(Refusal.NO_SUCH_UPLOAD, group, new BucketQuery.GetUpload(PARTITION, "a/1", old));
    }

    @Test
    void limitsAreChecked() {
        for (int limit : new int[] {-1, BucketQuery.MAX_PAGE + 1}) {
            assertRefused(Refusal.INVALID_ARGUMENT, group, new ListObjects(PARTITION, "", "", "", limit));
            assertRefused(Refusal.INVALID_ARGUMENT, group, new ListVersions(PARTITION, "", "", "", null, limit));
            assertRefused(Refusal.INVALID_ARGUMENT, group, new ListUploads(PARTITION, "", "", "", null, limit));
        }
    }

    @Test
    void staleMapsAreNoticed() throws RefusedException {
        PartitionRef otherEpoch = new PartitionRef(MIDDLE.bucket(), MIDDLE.partition(), 1);
        PartitionRef otherBucket = new PartitionRef(new BucketId(8), MIDDLE.partition(), MIDDLE.epoch());
        PartitionRef unknown = new PartitionRef(MIDDLE.bucket(), new PartitionId(99), 1);
        for (PartitionRef ref : List.of(otherEpoch, otherBucket, unknown)) {
            assertRefused(Refusal.WRONG_PARTITION, group, all(ref));
            assertRefused(Refusal.WRONG_PARTITION, group, new ListVersions(ref, "", "", "", null, 1));
            assertRefused(Refusal.WRONG_PARTITION, group, new ListUploads(ref, "", "", "", null, 1));
            assertRefused(Refusal.WRONG_PARTITION, group, new BucketQuery.GetUsage(ref));
        }
        group.tell(new BucketCommand.ClosePartition(MIDDLE.bucket(), MIDDLE.partition()));
        assertRefused(Refusal.NO_SUCH_BUCKET, group, all(MIDDLE));
    }
}
