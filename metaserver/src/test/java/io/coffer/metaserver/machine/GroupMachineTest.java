package io.coffer.metaserver.machine;

import static io.coffer.metaserver.machine.TestGroup.put;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.command.CommandBatch;
import io.coffer.metaserver.command.Outcome;
import io.coffer.metaserver.model.Limits;
import io.coffer.metaserver.query.MapListener;
import io.coffer.metaserver.store.AppliedIndex;
import io.coffer.metaserver.store.StoreResources;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupMachineTest {
    private static final WriteCondition IF_NONE = new WriteCondition(List.of(), List.of("*"));

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
    void whatWasPutIsRead() throws RefusedException {
        Reply.PutReply put = group.tell(put("a", "hello"));
        Reply.ObjectReply read = group.get("a");
        assertThat(read.version().version()).isEqualTo(put.version());
        assertThat(read.version().modifiedMillis()).isEqualTo(group.nowMillis());
        assertThat(read.version().latest()).isTrue();
        assertThat(group.body("a")).isEqualTo("hello");
    }

    @Test
    void aRestartKeepsEverything() throws RefusedException {
        group.tell(put("a", "hello"));
        AppliedIndex applied = group.machine().applied();
        group.restart();
        assertThat(group.machine().applied()).isEqualTo(applied);
        assertThat(group.body("a")).isEqualTo("hello");
    }

    @Test
    void theClockGoesOnBehindARestartWhenTheLeadersIsBehind() throws RefusedException {
        Reply.PutReply first = group.tell(put("a", "1"));
        group.restart();
        group.pass(-1000);
        Reply.PutReply second = group.tell(put("a", "2"));
        assertThat(second.version().sequence()).isGreaterThan(first.version().sequence());
    }

    @Test
    void aRepeatedRequestIsAnsweredTheSameAndAppliedOnce() throws RefusedException {
        RequestId request = group.request();
        Reply.PutReply first = group.tell(request, put("a", "1"));
        group.tell(put("a", "2"));
        assertThat(group.tell(request, put("a", "1"))).isEqualTo(first);
        assertThat(group.body("a")).isEqualTo("2");
    }

    @Test
    void aRepeatedRequestIsRefusedTheSame() throws RefusedException {
        group.tell(put("a", "1"));
        RequestId request = group.request();
        assertRefused(Refusal.PRECONDITION_FAILED, request, IF_NONE);
        group.tell(TestGroup.delete("a", null, Versioning.UNVERSIONED));
        assertRefused(Refusal.PRECONDITION_FAILED, request, IF_NONE);
        assertRefused(Refusal.NO_SUCH_KEY, group.request(), new WriteCondition(List.of("*"), List.of()));
    }

    private void assertRefused(Refusal refusal, RequestId request, WriteCondition condition) {
        assertThatThrownBy(() -> group.tell(request, put("a", "2", condition, Versioning.UNVERSIONED)))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.refusal()).isEqualTo(refusal));
    }

    @Test
    void aRequestFromBeforeTheWindowIsRefused() throws RefusedException {
        RequestId request = group.request();
        group.tell(request, put("a", "1"));
        group.pass(Limits.REQUEST_WINDOW.toMillis());
        assertThat(group.tell(request, put("a", "1"))).isInstanceOf(Reply.PutReply.class);
        group.pass(1);
        assertRefused(Refusal.REQUEST_TOO_OLD, request, WriteCondition.NONE);
    }

    @Test
    void commandsOfABatchSeeTheOnesBefore() throws RefusedException {
        CommandBatch batch = new CommandBatch(
                group.nowMillis() * 1000,
                0,
                List.of(
                        new CommandBatch.Envelope(group.request(), put("a", "1", IF_NONE, Versioning.UNVERSIONED)),
                        new CommandBatch.Envelope(group.request(), put("a", "2", IF_NONE, Versioning.UNVERSIONED)),
                        new CommandBatch.Envelope(group.request(), put("b", "3"))));
        List<Outcome> outcomes = group.machine().applyBatch(1, 100, batch);
        assertThat(outcomes.get(0)).isInstanceOf(Outcome.Applied.class);
        assertThat(outcomes.get(1))
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        refused -> assertThat(refused.why().refusal()).isEqualTo(Refusal.PRECONDITION_FAILED));
        assertThat(outcomes.get(2)).isInstanceOf(Outcome.Applied.class);
        assertThat(group.body("a")).isEqualTo("1");
        assertThat(group.usage().objects()).isEqualTo(2);
        assertThat(group.machine().applied()).isEqualTo(new AppliedIndex(1, 100));
    }

    @Test
    void aCheckpointOpensAsTheSameState() throws RefusedException {
        group.tell(put("a", "hello"));
        String copy = directory.resolve("copy").toString();
        group.machine().checkpoint(copy);
        group.tell(put("a", "later"));
        try (StoreResources resources = new StoreResources(16 << 20, 8 << 20);
                GroupMachine opened = GroupMachine.open(TestGroup.GROUP, copy, resources, MapListener.NONE)) {
            assertThat(opened.applied().index())
                    .isEqualTo(group.machine().applied().index() - 1);
            Reply.ObjectReply read = opened.answer(new io.coffer.common.metadata.BucketQuery.GetObject(
                    TestGroup.PARTITION,
                    "a",
                    io.coffer.common.metadata.VersionSelector.LATEST,
                    new io.coffer.common.metadata.BucketQuery.Window.Range(0, 100)));
            assertThat(TestGroup.text(read.runs())).isEqualTo("hello");
        }
    }
}
