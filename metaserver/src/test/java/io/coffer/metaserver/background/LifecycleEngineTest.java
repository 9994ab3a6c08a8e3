package io.coffer.metaserver.background;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.lifecycle.LifecycleDay;
import io.coffer.common.lifecycle.LifecycleFilter;
import io.coffer.common.lifecycle.LifecycleRule;
import io.coffer.common.lifecycle.LifecycleRules;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.BucketSettings;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.DocumentKind;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.wire.LifecycleCodec;
import io.coffer.metaserver.machine.TestGroup;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NullMarked
final class LifecycleEngineTest implements MetadataClient, Groups {
    private static final long DAY = Duration.ofDays(1).toMillis();

    @TempDir
    Path directory;

    private final LifecycleTally tally = new LifecycleTally();
    private TestGroup group;
    private LifecycleEngine engine;
    private BucketSettings settings = BucketSettings.UNSET.withDocument(DocumentKind.LIFECYCLE, true);
    private ByteBuffer document = rules(1);
    private boolean leads = true;
    private int pages;
    private int documents;

    @BeforeEach
    void open() throws RefusedException {
        group = TestGroup.bucket(directory);
        engine = new LifecycleEngine(
                new Calls(this, group::nowMillis, new Random(1)),
                this,
                new LifecyclePace(Duration.ofMinutes(1), 1000, LifecycleDay.REAL),
                tally);
    }

    @AfterEach
    void close() {
        group.close();
    }

    private static ByteBuffer rules(int days) {
        return LifecycleCodec.encode(new LifecycleRules(
                List.of(new LifecycleRule(
                        "r", true, false, LifecycleFilter.ALL, new LifecycleRule.Expiration.AfterDays(days), null, 0)),
                false));
    }

    private void put(int count) throws RefusedException {
        for (int i = 0; i < count; i++) {
            group.tell(TestGroup.put("k%05d".formatted(i), "x"));
        }
    }

    private long objects() throws RefusedException {
        return group.usage().objects();
    }

    private void runAll() throws Exception {
        while (engine.run() == Step.Progress.MORE) {}
    }

    @Test
    void aPartitionIsWalkedOverOnceADayAndWhenItsRulesChange() throws Exception {
        put(3);
        runAll();
        assertThat(pages).isEqualTo(1);
        group.pass(DAY / 1000);
        runAll();
        assertThat(pages).as("the same day").isEqualTo(1);
        settings = settings.withDocument(DocumentKind.LIFECYCLE, true);
        runAll();
        assertThat(pages).as("other rules").isEqualTo(2);
        group.pass(DAY);
        runAll();
        assertThat(pages).as("another day").isEqualTo(3);
        assertThat(objects()).isEqualTo(3);
        group.pass(DAY);
        runAll();
        assertThat(objects()).isZero();
        assertThat(tally.figures().expired()).isEqualTo(3);
        assertThat(tally.figures().scans()).isEqualTo(4);
    }

    @Test
    void aStepRemovesSoMuchAndNoMore() throws Exception {
        put(250);
        group.pass(2 * DAY);
        long before = objects();
        while (engine.run() == Step.Progress.MORE) {
            assertThat(before - objects()).isLessThanOrEqualTo(Limits.REMOVED_PER_STEP);
            before = objects();
        }
        assertThat(objects()).isZero();
    }

    @Test
    void allPagesAreRead() throws Exception {
        put(2100);
        group.pass(2 * DAY);
        runAll();
        assertThat(objects()).isZero();
        assertThat(pages).isEqualTo(3);
        assertThat(tally.figures().looked()).isEqualTo(2100);
    }

    @Test
    void whoDoesNotLeadLeavesItAlone() throws Exception {
        put(1);
        group.pass(2 * DAY);
        leads = false;
        runAll();
        assertThat(pages).isZero();
        assertThat(objects()).isEqualTo(1);
    }

    @Test
    void whoLosesTheGroupStops() throws Exception {
        put(1500);
        group.pass(2 * DAY);
        while (objects() == 1500) {
            engine.run();
        }
        leads = false;
        long left = objects();
        runAll();
        assertThat(objects()).isEqualTo(left);
        leads = true;
        runAll();
        assertThat(objects()).isZero();
    }

    @Test
    void rulesThatWereTakenBackAreNotGoneOnWith() throws Exception {
        put(2100);
        group.pass(2 * DAY);
        while (objects() > 1500) {
            engine.run();
        }
        document = rules(9);
        settings = settings.withDocument(DocumentKind.LIFECYCLE, true);
        runAll();
        assertThat(objects()).as("behind the page that was read").isEqualTo(1100);
    }

    @Test
    void rulesThatCanNotBeReadAreNotAppliedAndNotReadAgainAllTheTime() throws Exception {
        put(1);
        group.pass(2 * DAY);
        document = ByteBuffer.wrap(new byte[] {1, 2, 3});
        runAll();
        runAll();
        assertThat(objects()).isEqualTo(1);
        assertThat(documents).isEqualTo(1);
    }

    @Override
    public <R extends Reply> CompletableFuture<R> submit(GroupId to, RequestId request, Command<R> command) {
        try {
            return CompletableFuture.completedFuture(group.tell(request, command));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <R extends Reply> CompletableFuture<R> query(GroupId to, Query<R> query) {
        try {
            return CompletableFuture.completedFuture(
                    switch (query) {
                        case SystemQuery.ListBuckets q -> (R) new Reply.BucketsReply(List.of(bucket()), false);
                        case SystemQuery.GetBucketDocument q -> {
                            documents++;
                            yield (R) new Reply.BucketDocumentReply(settings.revisionOf(q.kind()), document);
                        }
                        case BucketQuery.ListVersions q -> {
                            pages++;
                            yield group.ask(query);
                        }
                        default -> group.ask(query);
                    });
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private Bucket bucket() {
        return new Bucket(
                TestGroup.BUCKET,
                "b",
                TestGroup.OWNER,
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                "",
                List.of(new Partition(
                        TestGroup.PARTITION.partition(), "", "", TestGroup.GROUP, TestGroup.PARTITION.epoch())),
                settings);
    }

    @Override
    public boolean leads(GroupId asked) {
        return leads;
    }

    @Override
    public List<GroupId> local() {
        return List.of(TestGroup.GROUP);
    }

    @Override
    public List<GroupId> all() {
        return List.of(TestGroup.GROUP);
    }
}
