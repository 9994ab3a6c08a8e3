package io.coffer.gateway.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.id.GroupId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.metadata.Command;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Query;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.MarkBehind;
import io.coffer.common.metadata.SystemCommand.MissedWrite;
import io.coffer.gateway.s3.error.S3Exception;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DegradedWritesTest {
    private record Sent(MarkBehind command, CompletableFuture<Reply> answer) {}

    private final BlockingQueue<Sent> sent = new LinkedBlockingQueue<>();
    private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();
    private final DegradedWrites degraded = new DegradedWrites(new MetadataService(
            new MetadataClient() {
                @Override
                @SuppressWarnings("unchecked")
                public <R extends Reply> CompletableFuture<R> submit(
                        GroupId group, RequestId request, Command<R> command) {
                    Sent now = new Sent((MarkBehind) command, new CompletableFuture<>());
                    sent.add(now);
                    return (CompletableFuture<R>) now.answer();
                }

                @Override
                public <R extends Reply> CompletableFuture<R> query(GroupId group, Query<R> query) {
                    throw new AssertionError("not used here");
                }
            },
            InstantSource.system(),
            () -> new Random(1),
            Duration.ofSeconds(1)));

    @AfterEach
    void close() {
        writers.shutdownNow();
    }

    private static MissedWrite missed(int volume, long born) {
        return new MissedWrite(new VolumeId(volume), 1, 0, born);
    }

    private Future<Boolean> write(MissedWrite missed) {
        return writers.submit(() -> degraded.mark(List.of(missed)));
    }

    private static void answer(Sent command, Integer... stale) {
        command.answer()
                .complete(new Reply.BehindReply(
                        List.of(stale).stream().map(VolumeId::new).toList()));
    }

    @Test
    void writesThatComeMeanwhileShareTheNextCommand() throws Exception {
        Future<Boolean> first = write(missed(1, 70));
        Sent one = sent.take();
        List<Future<Boolean>> others = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            others.add(write(missed(1 + i % 3, 100 + i)));
        }
        Awaitility.await().until(() -> degraded.waitingWrites() == 100);
        assertThat(sent).isEmpty();
        answer(one);
        assertThat(first.get()).isTrue();
        Sent two = sent.take();
        assertThat(two.command().missed())
                .as("the earliest of each member")
                .containsExactlyInAnyOrder(missed(1, 100), missed(2, 101), missed(3, 102));
        assertThat(others).noneMatch(Future::isDone);
        answer(two);
        for (Future<Boolean> other : others) {
            assertThat(other.get()).isTrue();
        }
        assertThat(sent).isEmpty();
    }

    @Test
    void aWriteToAVolumeThatHasChangedDoesNotCount() throws Exception {
        Future<Boolean> first = write(missed(1, 70));
        answer(sent.take(), 1);
        assertThat(first.get()).isFalse();
    }

    @Test
    void withoutTheMetadataNothingCounts() throws Exception {
        Future<Boolean> first = write(missed(1, 70));
        while (!first.isDone()) {
            Sent next = sent.poll(10, java.util.concurrent.TimeUnit.MILLISECONDS);
            if (next != null) {
                next.answer().completeExceptionally(new MetadataUnavailableException("no leader", null));
            }
        }
        assertThatThrownBy(first::get).hasCauseInstanceOf(S3Exception.class);
        Future<Boolean> second = write(missed(1, 80));
        answer(sent.take());
        assertThat(second.get()).as("the next one is tried again").isTrue();
    }
}
