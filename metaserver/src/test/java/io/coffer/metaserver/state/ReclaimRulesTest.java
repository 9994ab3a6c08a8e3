package io.coffer.metaserver.state;

import static io.coffer.metaserver.machine.TestGroup.PARTITION;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.UploadId;
import io.coffer.common.id.VersionId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
class ReclaimRulesTest {
    private static final Versioning OFF = Versioning.UNVERSIONED;

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

    private List<?> unreferenced(ExtentSlice extent) throws RefusedException {
        return group.ask(new BucketQuery.FindUnreferenced(List.of(extent.extent())))
                .extents();
    }

    @Test
    void aReplacedVersionIsReadableForAWhileAndThenReclaimed() throws RefusedException {
        ExtentSlice extent = group.extent(100);
        VersionId version = group.tell(group.putExtents("k", OFF, extent)).version();
        group.tell(TestGroup.put("k", "new"));
        BucketQuery.ReadRuns read = new BucketQuery.ReadRuns(PARTITION, "k", version, 10, 20);
        group.pass(Limits.RETIRE_GRACE.toMillis() - 1);
        assertThat(group.tell(new BucketCommand.ReleaseParts(10))).isEqualTo(new Reply.ReleasedReply(0, false));
        assertThat(group.ask(read).runs()).hasSize(1);
        assertThat(group.due()).isEmpty();
        group.pass(1);
        assertThat(group.tell(new BucketCommand.ReleaseParts(10))).isEqualTo(new Reply.ReleasedReply(1, false));
        assertThat(TestGroup.refusal(() -> group.ask(read))).isEqualTo(Refusal.NO_SUCH_KEY);
        assertThat(group.due()).containsExactly(extent);
        assertThat(unreferenced(extent)).as("it is about to be reclaimed").isEmpty();
        group.tell(new BucketCommand.ForgetExtents(List.of(extent.extent())));
        assertThat(group.due()).isEmpty();
        assertThat(unreferenced(extent)).hasSize(1);
        group.tell(new BucketCommand.ForgetExtents(List.of(extent.extent())));
    }

    @Test
    void anotherKeysReaderDoesNotFindARemovedVersion() throws RefusedException {
        VersionId version =
                group.tell(group.putExtents("k", OFF, group.extent(100))).version();
        group.tell(TestGroup.delete("k", null, OFF));
        assertThat(TestGroup.refusal(() -> group.ask(new BucketQuery.ReadRuns(PARTITION, "l", version, 0, 1))))
                .isEqualTo(Refusal.NO_SUCH_KEY);
    }

    @Test
    void anExtentInUseIsNotForgotten() throws RefusedException {
        ExtentSlice used = group.extent(100);
        ExtentSlice free = group.extent(100);
        group.tell(group.putExtents("k", OFF, used));
        group.tell(group.putExtents("l", OFF, free));
        group.tell(TestGroup.delete("l", null, OFF));
        group.releaseAll();
        assertThat(TestGroup.refusal(
                        () -> group.tell(new BucketCommand.ForgetExtents(List.of(free.extent(), used.extent())))))
                .isEqualTo(Refusal.INVALID_ARGUMENT);
        assertThat(group.due()).containsExactly(free);
    }

    @Test
    void releasingIsDoneInBoundedSteps() throws RefusedException {
        for (int i = 0; i < 10; i++) {
            group.tell(group.putExtents("k" + i, OFF, group.extent(1), group.extent(1), group.extent(1)));
            group.tell(TestGroup.delete("k" + i, null, OFF));
        }
        group.pass(Limits.RETIRE_GRACE.toMillis());
        assertThat(group.tell(new BucketCommand.ReleaseParts(7))).isEqualTo(new Reply.ReleasedReply(3, true));
        assertThat(group.due()).hasSize(9);
        assertThat(group.tell(new BucketCommand.ReleaseParts(Integer.MAX_VALUE)))
                .isEqualTo(new Reply.ReleasedReply(7, false));
        assertThat(group.tell(new BucketCommand.ReleaseParts(-1))).isEqualTo(new Reply.ReleasedReply(0, false));
    }

    /** Where the queue's head has passed everything, what comes in the same millisecond is still found. */
    @Test
    void whatIsQueuedInTheMomentOfTheLastReleaseIsFound() throws RefusedException {
        group.pass(1);
        for (int i = 0; i < 3; i++) {
            assertThat(group.tell(new BucketCommand.ReleaseParts(10))).isEqualTo(new Reply.ReleasedReply(0, false));
            discardAPart();
            assertThat(group.tell(new BucketCommand.ReleaseParts(10))).isEqualTo(new Reply.ReleasedReply(1, false));
            ExtentSlice due = group.due().getFirst();
            group.tell(new BucketCommand.ForgetExtents(List.of(due.extent())));
            assertThat(group.due()).isEmpty();
        }
    }

    /** Its content is to be released at once. */
    private void discardAPart() throws RefusedException {
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                PARTITION, "k", upload, TestGroup.OWNER, TestGroup.OWNER, ObjectAttributes.EMPTY, null, null));
        group.tell(new BucketCommand.PutPart(
                PARTITION, "k", upload, 1, TestGroup.ETAG, 100, null, new Payload.Extents(List.of(group.extent(100)))));
        group.tell(new BucketCommand.AbortUpload(PARTITION, "k", upload));
    }

    @Test
    void anExtentThatIsLeftInTheQueueIsFoundWhateverIsForgottenBehindIt() throws RefusedException {
        ExtentSlice first = group.extent(1);
        ExtentSlice second = group.extent(1);
        for (ExtentSlice extent : List.of(first, second)) {
            group.tell(group.putExtents("k", OFF, extent));
            group.tell(TestGroup.delete("k", null, OFF));
            group.releaseAll();
        }
        group.tell(new BucketCommand.ForgetExtents(List.of(second.extent())));
        group.pass(1000);
        group.tell(new BucketCommand.ForgetExtents(List.of()));
        group.restart();
        assertThat(group.due()).containsExactly(first);
    }

    @Test
    void theQueueIsOldestFirstAndLimited() throws RefusedException {
        ExtentSlice first = group.extent(1);
        ExtentSlice second = group.extent(1);
        for (ExtentSlice extent : List.of(second, first)) {
            group.tell(group.putExtents("k", OFF, extent));
            group.tell(TestGroup.delete("k", null, OFF));
            group.releaseAll();
        }
        assertThat(group.due()).containsExactly(second, first);
        assertThat(group.ask(new BucketQuery.DueExtents(group.nowMillis(), 1)).extents())
                .containsExactly(second);
        assertThat(group.ask(new BucketQuery.DueExtents(group.nowMillis() - 1, 10))
                        .extents())
                .containsExactly(second);
        assertThat(group.ask(new BucketQuery.DueExtents(-5, 10)).extents()).isEmpty();
    }
}
