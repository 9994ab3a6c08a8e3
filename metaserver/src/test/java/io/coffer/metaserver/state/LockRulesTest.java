package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.BUCKET;
import static io.coffer.metaserver.machine.TestGroup.OWNER;
import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.PartitionSettings;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.RetentionMode;
import io.coffer.common.metadata.VersionChange;
import io.coffer.common.metadata.VersionLock;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Everything that could rid a bucket of a locked version, and that it doesn't. */
class LockRulesTest {
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    Path directory;

    private TestGroup group;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
        lock(1, null);
    }

    @AfterEach
    void close() {
        group.close();
    }

    private void lock(long revision, ObjectLock.@Nullable DefaultRetention standard) throws RefusedException {
        group.tell(new BucketCommand.ApplySettings(
                BUCKET,
                PARTITION.partition(),
                new PartitionSettings(Versioning.ENABLED, new ObjectLock(true, standard), revision)));
    }

    private VersionId put(VersionLock lock) throws RefusedException {
        return group.tell(new BucketCommand.PutObject(
                        PARTITION,
                        "k",
                        OWNER,
                        "etag",
                        1,
                        null,
                        ObjectAttributes.EMPTY.withLock(lock),
                        new Payload.Inline(ByteBuffer.wrap(new byte[1])),
                        WriteCondition.NONE,
                        // What a gateway that has heard of nothing believes.
                        Versioning.UNVERSIONED))
                .version();
    }

    private VersionId retained(RetentionMode mode, long days) throws RefusedException {
        return put(new VersionLock(mode, group.nowMillis() + days * DAY, false));
    }

    private ObjectAttributes read(VersionId version) throws RefusedException {
        return group.get("k", new VersionSelector.Exact(version), BucketQuery.Window.NONE)
                .version()
                .attributes();
    }

    private @Nullable Refusal delete(VersionId version, boolean bypassing) {
        BucketCommand.DeleteTarget target = new BucketCommand.DeleteTarget(
                "k", new VersionSelector.Exact(version), WriteCondition.NONE, -1, -1, bypassing);
        try {
            return group.tell(new BucketCommand.DeleteObject(PARTITION, target, Versioning.UNVERSIONED, OWNER))
                    .refusal();
        } catch (RefusedException e) {
            return e.refusal();
        }
    }

    private @Nullable Refusal change(VersionId version, VersionChange change) {
        return TestGroup.refusal(() -> group.tell(
                new BucketCommand.ChangeVersion(PARTITION, "k", new VersionSelector.Exact(version), change)));
    }

    private VersionChange.Retention until(@Nullable RetentionMode mode, long days, boolean bypassing) {
        return new VersionChange.Retention(mode, mode == null ? 0 : group.nowMillis() + days * DAY, bypassing);
    }

    @Test
    void complianceIsNotGotRoundByAnybody() throws RefusedException {
        VersionId version = retained(RetentionMode.COMPLIANCE, 10);
        assertThat(delete(version, false)).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(delete(version, true)).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(null, 0, true))).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(RetentionMode.GOVERNANCE, 20, true))).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(RetentionMode.COMPLIANCE, 9, true))).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(RetentionMode.COMPLIANCE, 11, false))).isNull();
        assertThat(read(version).lock().untilMillis()).isGreaterThan(group.nowMillis() + 10 * DAY);
    }

    @Test
    void governanceIsGotRoundByThoseWhoAskTo() throws RefusedException {
        VersionId version = retained(RetentionMode.GOVERNANCE, 10);
        assertThat(delete(version, false)).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(null, 0, false))).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(RetentionMode.COMPLIANCE, 20, false))).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(RetentionMode.GOVERNANCE, 20, false))).isNull();
        assertThat(change(version, until(RetentionMode.GOVERNANCE, 1, true))).isNull();
        assertThat(delete(version, true)).isNull();
        assertThat(TestGroup.refusal(() -> read(version))).isEqualTo(Refusal.NO_SUCH_VERSION);
    }

    @Test
    void aHoldLastsUntilItIsLifted() throws RefusedException {
        VersionId version = put(new VersionLock(null, 0, true));
        assertThat(delete(version, true)).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, new VersionChange.LegalHold(false))).isNull();
        assertThat(delete(version, false)).isNull();
    }

    @ParameterizedTest
    @EnumSource(RetentionMode.class)
    void noOtherCommandRidsTheBucketOfALockedVersion(RetentionMode mode) throws RefusedException {
        VersionId version = retained(mode, 10);
        VersionSelector exact = new VersionSelector.Exact(version);
        // Deleting without a version, writing over it, suspending versioning by late settings, closing the partition.
        group.tell(TestGroup.delete("k", null, Versioning.UNVERSIONED));
        group.tell(TestGroup.put("k", "other"));
        group.tell(new BucketCommand.ApplySettings(
                BUCKET, PARTITION.partition(), new PartitionSettings(Versioning.SUSPENDED, ObjectLock.OFF, 1)));
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.ClosePartition(BUCKET, PARTITION.partition()))))
                .isEqualTo(Refusal.BUCKET_NOT_EMPTY);
        Reply.DeletesReply many = group.tell(new BucketCommand.DeleteObjects(
                PARTITION,
                List.of(new BucketCommand.DeleteTarget("k", exact, WriteCondition.NONE, -1, -1, false)),
                Versioning.SUSPENDED,
                OWNER));
        assertThat(many.replies().getFirst().refusal()).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(read(version).lock().mode()).isEqualTo(mode);
    }

    @Test
    void aHostsClockThatIsSetAheadUnlocksNothing() throws RefusedException {
        VersionId version = retained(RetentionMode.COMPLIANCE, 10);
        group.setAhead(4000 * DAY);
        assertThat(delete(version, true)).isEqualTo(Refusal.OBJECT_LOCKED);
        assertThat(change(version, until(null, 0, true))).isEqualTo(Refusal.OBJECT_LOCKED);
    }

    @Test
    void whatTwoLeadersWatchedIsNotCountedTwice() throws RefusedException {
        VersionId version = retained(RetentionMode.COMPLIANCE, 10);
        group.setAhead(4000 * DAY);
        // Its last batch was long ago, and another server has led since.
        group.pass(11 * DAY);
        group.changeLeader();
        assertThat(delete(version, false)).isEqualTo(Refusal.OBJECT_LOCKED);
        group.pass(11 * DAY);
        assertThat(delete(version, false)).isNull();
    }

    @Test
    void aRetentionEndsWhenItsTimeHasPassed() throws RefusedException {
        VersionId version = retained(RetentionMode.COMPLIANCE, 10);
        group.pass(9 * DAY);
        assertThat(delete(version, true)).isEqualTo(Refusal.OBJECT_LOCKED);
        group.pass(2 * DAY);
        assertThat(delete(version, false)).isNull();
    }

    @Test
    void newVersionsGetTheBucketsDefault() throws RefusedException {
        lock(2, new ObjectLock.DefaultRetention(RetentionMode.GOVERNANCE, 3, 0));
        VersionLock lock = read(put(VersionLock.NONE)).lock();
        assertThat(lock.mode()).isEqualTo(RetentionMode.GOVERNANCE);
        assertThat(lock.untilMillis()).isBetween(group.nowMillis() + 2 * DAY, group.nowMillis() + 3 * DAY);
        assertThat(read(retained(RetentionMode.COMPLIANCE, 1)).lock().mode()).isEqualTo(RetentionMode.COMPLIANCE);
        VersionLock held = read(put(new VersionLock(null, 0, true))).lock();
        assertThat(held.hold()).isTrue();
        assertThat(held.mode()).isEqualTo(RetentionMode.GOVERNANCE);
    }

    @Test
    void whatIsOverCannotBeSet() throws RefusedException {
        assertThat(TestGroup.refusal(() -> retained(RetentionMode.GOVERNANCE, -1)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(change(put(VersionLock.NONE), until(RetentionMode.GOVERNANCE, -1, true)))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
    }

    @Test
    void anUploadIsAskedWhenItBeginsAndNotWhenItEnds() throws RefusedException {
        assertThat(TestGroup.refusal(() -> group.tell(upload(group.upload(), group.nowMillis() - DAY))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        UploadId upload = group.upload();
        group.tell(upload(upload, group.nowMillis() + DAY));
        String etag = "0cc175b9c0f1b6a831c399e269772661";
        group.tell(new BucketCommand.PutPart(
                PARTITION, "k", upload, 1, etag, 1, null, new Payload.Inline(ByteBuffer.wrap(new byte[1]))));
        group.pass(2 * DAY);
        VersionId version = group.tell(new BucketCommand.CompleteUpload(
                        PARTITION,
                        "k",
                        upload,
                        List.of(new BucketCommand.PartName(1, etag, null)),
                        -1,
                        null,
                        WriteCondition.NONE,
                        Versioning.UNVERSIONED))
                .version();
        assertThat(read(version).lock().mode()).isEqualTo(RetentionMode.COMPLIANCE);
        assertThat(delete(version, false)).as("it is over already").isNull();
    }

    private static BucketCommand.CreateUpload upload(UploadId id, long untilMillis) {
        return new BucketCommand.CreateUpload(
                PARTITION,
                "k",
                id,
                OWNER,
                OWNER,
                ObjectAttributes.EMPTY.withLock(new VersionLock(RetentionMode.COMPLIANCE, untilMillis, false)),
                null,
                null);
    }

    @Test
    void tagsOfALockedVersionMayChange() throws RefusedException {
        VersionId version = retained(RetentionMode.COMPLIANCE, 10);
        assertThat(change(version, new VersionChange.Tags(Map.of("a", "1")))).isNull();
        assertThat(read(version).tags()).containsExactly(Map.entry("a", "1"));
        assertThat(read(version).lock().mode()).isEqualTo(RetentionMode.COMPLIANCE);
        VersionId marker =
                group.tell(TestGroup.delete("k", null, Versioning.ENABLED)).version();
        assertThat(change(marker, new VersionChange.Tags(Map.of()))).isEqualTo(Refusal.NO_SUCH_VERSION);
        assertThat(TestGroup.refusal(() -> group.tell(new BucketCommand.ChangeVersion(
                        PARTITION, "k", VersionSelector.LATEST, new VersionChange.Tags(Map.of())))))
                .isEqualTo(Refusal.NO_SUCH_KEY);
    }
}
