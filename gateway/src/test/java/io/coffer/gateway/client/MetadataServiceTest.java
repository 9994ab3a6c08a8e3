package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.Bucket;
import io.coffer.common.metadata.BucketCommand;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand;
import io.coffer.common.metadata.SystemQuery;
import io.coffer.common.metadata.Versioning;
import io.coffer.gateway.s3.error.S3Error;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class MetadataServiceTest {
    private final Scripted client = new Scripted();
    private final Random random = new Random(1);

    /** With a deadline that no busy machine reaches. */
    private final MetadataService service =
            new MetadataService(client, InstantSource.system(), () -> random, Duration.ofMinutes(1));

    private final MetadataService hasty =
            new MetadataService(client, InstantSource.system(), () -> random, Duration.ofMillis(300));

    @Test
    void aCommandThatFoundNoLeaderIsRepeatedUnderTheSameRequestId() throws Exception {
        client.answers.add(new MetadataUnavailableException("no leader", null));
        client.answers.add(new MetadataUnavailableException("no leader", null));
        client.answers.add(Reply.DONE);
        service.tell(new SystemCommand.DeleteAccessKey("k"));
        assertThat(client.requests).hasSize(3).containsOnly(client.requests.getFirst());
    }

    @Test
    void twoCommandsHaveTwoRequestIds() throws Exception {
        client.answers.add(Reply.DONE);
        client.answers.add(Reply.DONE);
        service.tell(new SystemCommand.DeleteAccessKey("k"));
        service.tell(new SystemCommand.DeleteAccessKey("k"));
        assertThat(client.requests).doesNotHaveDuplicates();
    }

    @Test
    void withoutALeaderTheAnswerIs503InsideTheDeadline() {
        client.fallback = new MetadataUnavailableException("no leader", null);
        assertThatThrownBy(() -> hasty.tell(new SystemCommand.DeleteAccessKey("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SERVICE_UNAVAILABLE));
    }

    @Test
    void overloadIsAnswered503SlowDownLongBeforeTheDeadline() {
        client.fallback = MetadataUnavailableException.overloaded("too many");
        assertThatThrownBy(() -> service.tell(new SystemCommand.DeleteAccessKey("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
        assertThat(client.requests).hasSize(4).containsOnly(client.requests.getFirst());
    }

    @Test
    void overloadThatPassesIsNotSeen() throws Exception {
        client.answers.add(MetadataUnavailableException.overloaded("too many"));
        client.answers.add(MetadataUnavailableException.overloaded("too many"));
        client.answers.add(Reply.DONE);
        service.tell(new SystemCommand.DeleteAccessKey("k"));
        assertThat(client.requests).hasSize(3);
    }

    @Test
    void aMissingLeaderIsWaitedForLongerThanAnOverloadedOne() throws Exception {
        for (int i = 0; i < 5; i++) {
            client.answers.add(new MetadataUnavailableException("no leader", null));
        }
        client.answers.add(Reply.DONE);
        service.tell(new SystemCommand.DeleteAccessKey("k"));
        assertThat(client.requests).hasSize(6);
    }

    @Test
    void aCallThatNeverReturnsIsGivenUpAtTheDeadline() {
        client.silent = true;
        assertThatThrownBy(() -> hasty.ask(new SystemQuery.ListAccounts())).isInstanceOf(S3Exception.class);
    }

    @Test
    void aRefusalIsNotRepeated() {
        client.answers.add(new RefusedException(Refusal.ACCOUNT_EXISTS));
        assertThatThrownBy(() -> service.tell(new SystemCommand.DeleteAccessKey("k")))
                .isInstanceOf(RefusedException.class);
        assertThat(client.requests).hasSize(1);
    }

    @Test
    void aRepeatThatFindsNoSpaceLeavesTheFirstAttemptInDoubt() {
        client.answers.add(new RefusedException(Refusal.NO_SPACE));
        assertThatThrownBy(() -> service.tell(new SystemCommand.DeleteAccessKey("k")))
                .isInstanceOf(RefusedException.class);
        client.answers.add(new MetadataUnavailableException("no answer in time", null));
        client.answers.add(new RefusedException(Refusal.NO_SPACE));
        assertThatThrownBy(() -> service.tell(new SystemCommand.DeleteAccessKey("k")))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.SLOW_DOWN));
    }

    @Test
    void aKeyIsRoutedToTheGroupOfItsPartition() throws Exception {
        Bucket bucket =
                bucket(1, partition(1, "", "m", 1, 1), partition(2, "m", "t", 2, 1), partition(3, "t", "", 3, 1));
        for (var expected : List.of(
                List.of("", 1),
                List.of("a", 1),
                List.of("lzz", 1),
                List.of("m", 2),
                List.of("szz", 2),
                List.of("t", 3),
                List.of("😀", 3))) {
            assertThat(MetadataService.partitionOf(bucket, (String) expected.get(0))
                            .group())
                    .isEqualTo(new GroupId((Integer) expected.get(1)));
        }
        client.answers.add(new Reply.UsageReply(0, 0, 0, 0, 0));
        service.ask(bucket, "n", BucketQuery.GetUsage::new);
        assertThat(client.groups).containsExactly(new GroupId(2));
    }

    @Test
    void aPartitionThatMovedIsFollowed() throws Exception {
        Bucket stale = bucket(1, partition(1, "", "", 1, 1));
        client.answers.add(new RefusedException(Refusal.WRONG_PARTITION));
        client.answers.add(new Reply.BucketReply(bucket(1, partition(1, "", "", 5, 2))));
        client.answers.add(Reply.DONE);
        service.tell(
                stale, "k", ref -> new BucketCommand.AbortUpload(ref, "k", new io.coffer.common.id.UploadId(1, 1)));
        assertThat(client.groups).containsExactly(new GroupId(1), GroupId.SYSTEM, new GroupId(5));
    }

    @Test
    void aBucketThatWasDeletedAndMadeAgainIsNotFollowed() {
        Bucket stale = bucket(1, partition(1, "", "", 1, 1));
        client.answers.add(new RefusedException(Refusal.WRONG_PARTITION));
        client.answers.add(new Reply.BucketReply(bucket(2, partition(9, "", "", 1, 1))));
        assertThatThrownBy(() -> service.ask(stale, "k", BucketQuery.GetUsage::new))
                .isInstanceOfSatisfying(
                        S3Exception.class, e -> assertThat(e.error()).isEqualTo(S3Error.NO_SUCH_BUCKET));
    }

    private static Bucket bucket(long id, Partition... partitions) {
        return new Bucket(
                new BucketId(id),
                "bucket",
                new AccountId("000000000001"),
                "us-east-1",
                0,
                Bucket.State.ACTIVE,
                Versioning.UNVERSIONED,
                "",
                List.of(partitions));
    }

    private static Partition partition(long id, String start, String end, int group, long epoch) {
        return new Partition(new PartitionId(id), start, end, new GroupId(group), epoch);
    }

    /** Answers what it was told to, in order. */
    private static final class Scripted implements MetadataClient {
        final Deque<Object> answers = new ArrayDeque<>();
        final List<RequestId> requests = new ArrayList<>();
        final List<GroupId> groups = new ArrayList<>();
        Object fallback = new AssertionError("no answer left");
        boolean silent;

        @Override
        public <R extends Reply> CompletableFuture<R> submit(GroupId group, RequestId request, Command<R> command) {
            requests.add(request);
            return answer(group);
        }

        @Override
        public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
            return answer(group);
        }

        @SuppressWarnings("unchecked")
        private <R> CompletableFuture<R> answer(GroupId group) {
            groups.add(group);
            if (silent) {
                return new CompletableFuture<>();
            }
            Object answer = answers.isEmpty() ? fallback : answers.removeFirst();
            return answer instanceof Throwable failure
                    ? CompletableFuture.failedFuture(failure)
                    : CompletableFuture.completedFuture((R) answer);
        }
    }
}
