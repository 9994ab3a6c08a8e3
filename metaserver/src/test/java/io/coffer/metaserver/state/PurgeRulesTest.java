package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.PartitionId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.ObjectLock;
import io.coffer.common.metadata.PartitionSettings;
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
import io.coffer.metaserver.store.Snapshot;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Emptying partitions: everything goes, in steps of any length, but what is locked. */
@NullMarked
class PurgeRulesTest {
    private static final Versioning ON = Versioning.ENABLED;
    private static final ByteBuffer START = ByteBuffer.allocate(0);

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

    private Reply.PurgedReply purge(ByteBuffer after, int versions) throws RefusedException {
        return group.tell(new BucketCommand.PurgePartition(TestGroup.BUCKET, PARTITION.partition(), after, versions));
    }

    /** All of it: versions, bytes, and what was kept. */
    private Reply.PurgedReply purgeAll(int step) throws RefusedException {
        long versions = 0;
        long bytes = 0;
        long kept = 0;
        ByteBuffer after = START;
        do {
            Reply.PurgedReply purged = purge(after, step);
            assertThat(purged.versions() + purged.kept()).isLessThanOrEqualTo(step);
            versions += purged.versions();
            bytes += purged.bytes();
            kept += purged.kept();
            after = purged.last();
        } while (after.hasRemaining());
        return new Reply.PurgedReply(versions, bytes, kept, START);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7, 1000})
    void everythingGoesAndNothingIsLeftBehind(int step) throws RefusedException {
        SplittableRandom random = new SplittableRandom(step);
        List<ExtentSlice> extents = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String key = "k" + random.nextInt(12) + "/\u0000".substring(0, random.nextInt(3));
            switch (random.nextInt(4)) {
                case 0 -> group.tell(TestGroup.delete(key, null, ON));
                case 1 ->
                    group.tell(put(key, "text", WriteCondition.NONE, random.nextBoolean() ? ON : Versioning.SUSPENDED));
                default -> {
                    extents.add(group.extent(100));
                    group.tell(group.putExtents(key, ON, extents.getLast()));
                }
            }
        }
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, "u", group.upload(), TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null));
        Reply.UsageReply usage = group.usage();
        Reply.PurgedReply purged = purgeAll(step);
        assertThat(purged.versions()).isEqualTo(usage.versions() + usage.deleteMarkers());
        assertThat(purged.bytes()).isEqualTo(usage.bytes());
        assertThat(purged.kept()).isZero();
        group.tell(new BucketCommand.ClosePartition(TestGroup.BUCKET, PARTITION.partition()));
        group.releaseAll();
        try (Snapshot snapshot = group.snapshot()) {
            RowInvariants.check(snapshot, TestGroup.BUCKET);
        }
        assertThat(group.due()).containsExactlyInAnyOrderElementsOf(extents);
        assertThat(group.rows("REQUESTS").stream()
                        .filter(row -> !row.startsWith("EXTENTS")
                                && !row.startsWith("RECLAIM")
                                && !row.startsWith("PARTITIONS")
                                && !row.startsWith("COUNTERS")))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 1000})
    void whatIsLockedStaysAndIsThereWhenThePartitionIsOpenAgain(int step) throws RefusedException {
        group.tell(new BucketCommand.ApplySettings(
                TestGroup.BUCKET, new PartitionId(3), new PartitionSettings(ON, new ObjectLock(true, null), 2)));
        VersionId held = group.tell(put("a", "held")).version();
        group.tell(put("a", "free"));
        VersionId retained = group.tell(put("b", "retained")).version();
        group.tell(TestGroup.delete("b", null, ON));
        group.tell(put("c", "free"));
        VersionId current = group.tell(put("d", "governed")).version();
        change("a", held, new VersionChange.LegalHold(true));
        long until = group.nowMillis() + 1_000_000;
        change("b", retained, new VersionChange.Retention(RetentionMode.COMPLIANCE, until, false));
        change("d", current, new VersionChange.Retention(RetentionMode.GOVERNANCE, until, false));
        Reply.PurgedReply purged = purgeAll(step);
        assertThat(purged.kept()).isEqualTo(3);
        assertThat(purged.versions()).isEqualTo(3);
        assertThat(refusal(put("e", "late"))).isEqualTo(Refusal.NO_SUCH_BUCKET);
        assertThat(refusal(new BucketCommand.ClosePartition(TestGroup.BUCKET, PARTITION.partition())))
                .isEqualTo(Refusal.BUCKET_NOT_EMPTY);
        assertThat(purgeAll(step).versions()).isZero();
        group.tell(new BucketCommand.ReopenPartition(TestGroup.BUCKET, PARTITION.partition()));
        assertThat(group.body("a")).isEqualTo("held");
        assertThat(group.body("b")).isEqualTo("retained");
        assertThat(group.body("d")).isEqualTo("governed");
        assertThat(group.get("a").version().attributes().lock()).isEqualTo(VersionLock.NONE.withHold(true));
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(3, 3, 0, 0, 20));
        try (Snapshot snapshot = group.snapshot()) {
            RowInvariants.check(snapshot, TestGroup.BUCKET);
        }
    }

    private void change(String key, VersionId version, VersionChange change) throws RefusedException {
        group.tell(new BucketCommand.ChangeVersion(PARTITION, key, new VersionSelector.Exact(version), change));
    }

    private Refusal refusal(BucketCommand<?> command) {
        return TestGroup.refusal(() -> group.tell(command));
    }

    @Test
    void aRepeatedStepGoesOn() throws RefusedException {
        for (int i = 0; i < 10; i++) {
            group.tell(put("k" + i, "x"));
        }
        purge(START, 4);
        assertThat(purge(START, 4).versions()).isEqualTo(4);
        assertThat(purgeAll(4).versions()).isEqualTo(2);
    }
}
