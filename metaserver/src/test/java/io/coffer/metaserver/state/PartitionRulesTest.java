package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.BUCKET;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.DataRun;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class PartitionRulesTest {
    private static final BucketCommand.ClosePartition CLOSE =
            new BucketCommand.ClosePartition(BUCKET, PARTITION.partition());
    private static final BucketCommand.ReopenPartition REOPEN =
            new BucketCommand.ReopenPartition(BUCKET, PARTITION.partition());

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

    @Test
    void openingAgainChangesNothingAndOtherwiseIsRefused() throws RefusedException {
        group.tell(TestGroup.openPartition("", ""));
        assertThat(TestGroup.refusal(() -> group.tell(TestGroup.openPartition("a", ""))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.OpenPartition(
                        BUCKET, new Partition(new PartitionId(77), "", "", new GroupId(2), 1)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.OpenPartition(
                        new BucketId(99), new Partition(PARTITION.partition(), "", "", TestGroup.GROUP, 1)))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    private static PartitionSettings settings(Versioning versioning, long revision) {
        return new PartitionSettings(versioning, ObjectLock.OFF, revision);
    }

    private void apply(Versioning versioning, long revision) throws RefusedException {
        group.tell(new BucketCommand.ApplySettings(BUCKET, PARTITION.partition(), settings(versioning, revision)));
    }

    private boolean putsNullVersion(Versioning told) throws RefusedException {
        return group.tell(TestGroup.put("k", "x", WriteCondition.NONE, told)).nullVersion();
    }

    @Test
    void whatAPartitionKnowsCountsMoreThanWhatACommandBelieves() throws RefusedException {
        assertThat(putsNullVersion(Versioning.ENABLED)).isFalse();
        assertThat(putsNullVersion(Versioning.UNVERSIONED)).isTrue();
        apply(Versioning.ENABLED, 4);
        assertThat(putsNullVersion(Versioning.UNVERSIONED)).isFalse();
        Reply.DeleteReply deleted = group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        assertThat(deleted.deleteMarker()).isTrue();
        assertThat(deleted.nullVersion()).isFalse();
        apply(Versioning.SUSPENDED, 6);
        assertThat(putsNullVersion(Versioning.ENABLED)).isTrue();
        assertThat(group.tell(TestGroup.delete("k", null, Versioning.ENABLED)).nullVersion())
                .isTrue();
        // Two by the command's belief, one by the partition's, and the marker in their midst; the null version was
        // taken again.
        assertThat(group.usage().versions() + group.usage().deleteMarkers()).isEqualTo(4);
    }

    @Test
    void settingsOnlyBecomeNewer() throws RefusedException {
        apply(Versioning.ENABLED, 4);
        apply(Versioning.SUSPENDED, 3);
        apply(Versioning.SUSPENDED, 4);
        assertThat(putsNullVersion(Versioning.SUSPENDED)).isFalse();
        group.tell(new BucketCommand.OpenPartition(
                BUCKET,
                new Partition(PARTITION.partition(), "", "", TestGroup.GROUP, 1),
                settings(Versioning.SUSPENDED, 5)));
        assertThat(putsNullVersion(Versioning.ENABLED)).isTrue();
    }

    @Test
    void aClosedPartitionTakesSettingsForTheCaseThatItIsReopened() throws RefusedException {
        group.tell(CLOSE);
        apply(Versioning.ENABLED, 4);
        group.tell(REOPEN);
        group.restart();
        assertThat(putsNullVersion(Versioning.UNVERSIONED)).isFalse();
    }

    @Test
    void settingsOfNoPartitionAreRefused() {
        assertThat(TestGroup.refusal(() -> group.tell(
                        new BucketCommand.ApplySettings(BUCKET, new PartitionId(77), settings(Versioning.ENABLED, 1)))))
                .isEqualTo(Refusal.WRONG_PARTITION);
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.ApplySettings(
                        new BucketId(99), PARTITION.partition(), settings(Versioning.ENABLED, 1)))))
                .isEqualTo(Refusal.WRONG_PARTITION);
    }

    @Test
    void aClosedPartitionAnswersThatThereIsNoBucket() throws RefusedException {
        group.tell(CLOSE);
        group.tell(CLOSE);
        assertThat(TestGroup.refusal(() -> group.tell(TestGroup.put("k", "x")))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(TestGroup.refusal(() -> group.get("k"))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(TestGroup.refusal(() -> group.tell(TestGroup.openPartition("", ""))))
                .as("a late opening")
                .isEqualTo(Refusal.NO_SUCH_BUCKET);
        group.tell(REOPEN);
        group.tell(REOPEN);
        group.tell(TestGroup.put("k", "x"));
    }

    @Test
    void onlyAnEmptyPartitionIsClosed() throws RefusedException {
        group.tell(TestGroup.put("k", "x"));
        assertThat(TestGroup.refusal(() -> group.tell(CLOSE))).isEqualTo(Refusal.BUCKET_NOT_EMPTY);
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        VersionId marker =
                group.tell(TestGroup.delete("k", null, Versioning.ENABLED)).version();
        assertThat(TestGroup.refusal(() -> group.tell(CLOSE))).isEqualTo(Refusal.BUCKET_NOT_EMPTY);
        assertThat(marker).isNotNull();
        if (marker != null) {
            group.tell(TestGroup.delete(
                    "k", new io.coffer.common.metadata.VersionSelector.Exact(marker), Versioning.ENABLED));
        }
        group.tell(CLOSE);
    }

    @Test
    void closingWhatWasNeverOpenedIsDone() throws RefusedException {
        group.tell(new BucketCommand.ClosePartition(BUCKET, new PartitionId(55)));
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.ReopenPartition(BUCKET, new PartitionId(55)))))
                .isEqualTo(Refusal.WRONG_PARTITION);
        assertThat(TestGroup.refusal(
                        () -> group.tell(new BucketCommand.ClosePartition(new BucketId(99), PARTITION.partition()))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    private UploadId upload(String key, ExtentSlice extent) throws RefusedException {
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, key, upload, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null));
        group.tell(new BucketCommand.PutPart(
                PARTITION,
                key,
                upload,
                1,
                TestGroup.ETAG,
                extent.length(),
                null,
                new Payload.Extents(List.of(extent))));
        return upload;
    }

    @Test
    void uploadsInProgressEndWithThePartition() throws RefusedException {
        ExtentSlice first = group.extent(10);
        ExtentSlice second = group.extent(20);
        UploadId gone = upload("k", first);
        group.tell(CLOSE);
        group.tell(REOPEN);
        UploadId later = upload("k", second);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 1, 20));
        assertThat(TestGroup.refusal(() -> group.ask(new BucketQuery.GetUpload(PARTITION, "k", gone))))
                .isEqualTo(Refusal.NO_SUCH_UPLOAD);
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.AbortUpload(PARTITION, "k", gone))))
                .isEqualTo(Refusal.NO_SUCH_UPLOAD);
        Reply.UploadsPage page = group.ask(new BucketQuery.ListUploads(PARTITION, "", "", "", null, 10));
        assertThat(page.entries()).hasSize(1);
        group.releaseAll();
        assertThat(group.due()).containsExactly(first);
        assertThat(group.ask(new BucketQuery.GetUpload(PARTITION, "k", later))
                        .upload()
                        .id())
                .isEqualTo(later);
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 1, 20));
    }

    @Test
    void aDownloadGoesOnBehindTheEndOfItsBucket() throws RefusedException {
        ExtentSlice extent = group.extent(10);
        VersionId version = group.tell(group.putExtents("k", Versioning.UNVERSIONED, extent))
                .version();
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        group.tell(CLOSE);
        assertThat(group.ask(new BucketQuery.ReadRuns(PARTITION, "k", version, 0, 10))
                        .runs())
                .containsExactly(new DataRun.ExtentRun(extent));
    }
}
