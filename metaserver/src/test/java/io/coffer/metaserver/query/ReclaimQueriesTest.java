package io.coffer.metaserver.query;

import static io.coffer.metaserver.query.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.ExtentId;
import io.coffer.common.id.UploadId;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery.DueExtents;
import io.coffer.common.metadata.BucketQuery.FindUnreferenced;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.metaserver.machine.TestGroup;
import io.coffer.metaserver.model.Limits;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReclaimQueriesTest {
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

    private ExtentSlice put(String key) throws RefusedException {
        ExtentSlice extent = group.extent(100);
        group.tell(group.putExtents(key, Versioning.UNVERSIONED, extent));
        return extent;
    }

    private void delete(String key) throws RefusedException {
        group.tell(TestGroup.delete(key, null, Versioning.UNVERSIONED));
    }

    private List<ExtentSlice> due(long nowMillis, int limit) throws RefusedException {
        return group.ask(new DueExtents(nowMillis, limit)).extents();
    }

    private void release() throws RefusedException {
        group.tell(new BucketCommand.ReleaseParts(Limits.MAX_RELEASED));
    }

    @Test
    void anExtentIsUnreferencedBeforeItsCommitAndAfterItsReclaim() throws RefusedException {
        ExtentId never = group.extent(1).extent();
        ExtentId kept = put("kept").extent();
        ExtentId id = put("k").extent();
        List<ExtentId> all = List.of(never, kept, id);
        assertThat(unreferenced(all)).containsExactly(never);
        delete("k");
        assertThat(unreferenced(all)).containsExactly(never);
        group.pass(Limits.RETIRE_GRACE.toMillis());
        release();
        assertThat(due(group.nowMillis(), 10)).hasSize(1);
        assertThat(unreferenced(all)).containsExactly(never);
        group.tell(new BucketCommand.ForgetExtents(List.of(id)));
        assertThat(unreferenced(all)).containsExactly(never, id);
    }

    private List<ExtentId> unreferenced(List<ExtentId> extents) throws RefusedException {
        return group.ask(new FindUnreferenced(extents)).extents();
    }

    @Test
    void dueExtentsComeOldestFirst() throws RefusedException {
        ExtentSlice second = put("second");
        ExtentSlice first = put("first");
        long grace = Limits.RETIRE_GRACE.toMillis();
        delete("first");
        group.pass(10);
        delete("second");
        group.pass(grace - 10);
        release();
        group.pass(10);
        assertThat(due(Long.MAX_VALUE, 10)).containsExactly(first);
        release();
        long last = group.nowMillis();
        assertThat(due(last, 10)).containsExactly(first, second);
        assertThat(due(last - 1, 10)).containsExactly(first);
        assertThat(due(last - 11, 10)).isEmpty();
        assertThat(due(-1, 10)).isEmpty();
        assertThat(due(Long.MAX_VALUE, 1)).containsExactly(first);
        assertThat(due(Long.MAX_VALUE, 0)).isEmpty();
    }

    @Test
    void questionsAreBounded() {
        assertRefused(Refusal.INVALID_ARGUMENT, group, new DueExtents(0, -1));
        assertRefused(Refusal.INVALID_ARGUMENT, group, new DueExtents(0, Limits.MAX_EXTENTS + 1));
        List<ExtentId> many = Collections.nCopies(Limits.MAX_EXTENTS + 1, new ExtentId(1, 1));
        assertRefused(Refusal.INVALID_ARGUMENT, group, new FindUnreferenced(many));
    }

    @Test
    void usageCountsEverything() throws RefusedException {
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(0, 0, 0, 0, 0));
        group.tell(TestGroup.put("a", "12345", WriteCondition.NONE, Versioning.ENABLED));
        group.tell(TestGroup.put("a", "123", WriteCondition.NONE, Versioning.ENABLED));
        group.tell(TestGroup.put("b", "1", WriteCondition.NONE, Versioning.ENABLED));
        group.tell(TestGroup.delete("b", null, Versioning.ENABLED));
        UploadId upload = group.upload();
        group.tell(new BucketCommand.CreateUpload(
                TestGroup.PARTITION,
                "c",
                upload,
                TestGroup.OWNER,
                TestGroup.OWNER,
                ObjectAttributes.EMPTY,
                null,
                null));
        group.tell(new BucketCommand.PutPart(
                TestGroup.PARTITION,
                "c",
                upload,
                1,
                TestGroup.ETAG,
                10,
                null,
                new Payload.Inline(ByteBuffer.allocate(10))));
        assertThat(group.usage()).isEqualTo(new Reply.UsageReply(1, 3, 1, 1, 19));
    }
}
