package io.coffer.metaserver.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.RequestId;
import io.coffer.common.metadata.MetadataUnavailableException;
import io.coffer.common.metadata.Refusal;
import io.coffer.common.metadata.RefusedException;
import io.coffer.common.metadata.Reply;
import io.coffer.common.metadata.SystemCommand.ActivateBucket;
import io.coffer.common.metadata.SystemCommand.CreateAccessKey;
import io.coffer.common.metadata.wire.MetadataCodec;
import io.coffer.proto.metadata.CommandMessages.CommandBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class CommandBatcherTest {
    private static final Outcome DONE = new Outcome.Applied(Reply.DONE);

    private record Proposed(CommandBatch batch, CompletableFuture<List<Outcome>> outcomes) {
        void succeed() {
            outcomes.complete(Collections.nCopies(batch.getEnvelopesCount(), DONE));
        }
    }

    private final Deque<Proposed> proposals = new ArrayDeque<>();
    private long nanos = 5;
    private long next;

    private final Proposer proposer = bytes -> {
        Proposed proposed = new Proposed(MetadataCodec.parse(CommandBatch.parser(), bytes), new CompletableFuture<>());
        proposals.add(proposed);
        return proposed.outcomes();
    };

    private CommandBatcher batcher(int inFlight, int eagerCommands) {
        BatchLimits limits =
                new BatchLimits(1000, 500, 10, inFlight, eagerCommands, 1_000_000, 20, 3000, Duration.ofSeconds(10));
        return new CommandBatcher(proposer, () -> 7_009, () -> nanos, limits, Runnable::run);
    }

    private CompletableFuture<Reply.Done> submit(CommandBatcher batcher) {
        return batcher.submit(new RequestId(1, next++), new ActivateBucket(new BucketId(next)));
    }

    private CompletableFuture<Reply.Done> submit(CommandBatcher batcher, int bytes) {
        return batcher.submit(
                new RequestId(1, next++),
                new CreateAccessKey("key", new AccountId("000000000001"), ByteBuffer.allocate(bytes), ""));
    }

    @Test
    void aLoneCommandGoesOutAtOnceStamped() {
        CommandBatcher batcher = batcher(4, 3);
        CompletableFuture<Reply.Done> reply = submit(batcher);
        CommandBatch batch = proposals.element().batch();
        assertThat(batch.getEnvelopesCount()).isEqualTo(1);
        assertThat(batch.getStampMicros()).isEqualTo(7_009_000);
        assertThat(MetadataCodec.decode(batch.getEnvelopes(0).getCommand()))
                .isEqualTo(new ActivateBucket(new BucketId(1)));
        assertThat(reply).isNotDone();
        proposals.remove().succeed();
        assertThat(reply).isCompletedWithValue(Reply.DONE);
    }

    @Test
    void commandsGatherWhileAProposalIsInFlight() {
        CommandBatcher batcher = batcher(1, 1);
        submit(batcher);
        List<CompletableFuture<Reply.Done>> replies = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            replies.add(submit(batcher));
        }
        assertThat(proposals).hasSize(1);
        proposals.remove().succeed();
        assertThat(proposals).hasSize(1);
        assertThat(proposals.element().batch().getEnvelopesCount()).isEqualTo(5);
        proposals.remove().succeed();
        assertThat(replies).allSatisfy(reply -> assertThat(reply).isCompleted());
    }

    @Test
    void enoughCommandsGoOutBesideAProposalInFlight() {
        CommandBatcher batcher = batcher(2, 3);
        submit(batcher);
        submit(batcher);
        submit(batcher);
        assertThat(proposals).hasSize(1);
        submit(batcher);
        assertThat(proposals).hasSize(2);
        assertThat(proposals.getLast().batch().getEnvelopesCount()).isEqualTo(3);
        for (int i = 0; i < 8; i++) {
            submit(batcher);
        }
        assertThat(proposals).hasSize(2);
        proposals.remove().succeed();
        assertThat(proposals).hasSize(2);
        assertThat(proposals.getLast().batch().getEnvelopesCount()).isEqualTo(8);
    }

    @Test
    void theMoreIsInFlightTheMoreGatherForAFurtherProposal() {
        CommandBatcher batcher = batcher(4, 2);
        for (int i = 0; i < 14; i++) {
            submit(batcher);
        }
        assertThat(sizes()).containsExactly(1, 2, 2, 2);
        proposals.remove().succeed();
        assertThat(sizes()).containsExactly(2, 2, 2, 7);
        proposals.remove().succeed();
        for (int i = 0; i < 4; i++) {
            submit(batcher);
        }
        assertThat(sizes()).as("11 are in flight").containsExactly(2, 2, 7);
        submit(batcher);
        assertThat(sizes()).containsExactly(2, 2, 7, 5);
    }

    private List<Integer> sizes() {
        return proposals.stream()
                .map(proposed -> proposed.batch().getEnvelopesCount())
                .toList();
    }

    @Test
    void aProposalHasAtMostItsCommandsAndBytes() {
        CommandBatcher batcher = batcher(1, 1);
        submit(batcher);
        for (int i = 0; i < 12; i++) {
            submit(batcher);
        }
        submit(batcher, 400);
        submit(batcher, 400);
        submit(batcher, 900);
        List<Integer> sizes = new ArrayList<>();
        while (!proposals.isEmpty()) {
            sizes.add(proposals.element().batch().getEnvelopesCount());
            proposals.remove().succeed();
        }
        assertThat(sizes).containsExactly(1, 10, 3, 1, 1);
    }

    @Test
    void eachCommandGetsItsOwnOutcome() {
        CommandBatcher batcher = batcher(1, 1);
        submit(batcher);
        CompletableFuture<Reply.Done> good = submit(batcher);
        CompletableFuture<Reply.Done> bad = submit(batcher);
        proposals.remove().succeed();
        RefusedException why = new RefusedException(Refusal.NO_SUCH_BUCKET);
        proposals.remove().outcomes().complete(List.of(DONE, new Outcome.Refused(why)));
        assertThat(good).isCompletedWithValue(Reply.DONE);
        assertThat(bad.exceptionNow()).isSameAs(why);
    }

    @Test
    void aFailedProposalLeavesItsCommandsUnknownAndTheNextGoesOn() {
        CommandBatcher batcher = batcher(1, 1);
        CompletableFuture<Reply.Done> first = submit(batcher);
        CompletableFuture<Reply.Done> second = submit(batcher);
        proposals.remove().outcomes().completeExceptionally(new IllegalStateException("a bug"));
        assertThat(first.exceptionNow()).isInstanceOf(MetadataUnavailableException.class);
        proposals.remove().succeed();
        assertThat(second).isCompleted();
    }

    @Test
    void tooManyWaitingCommandsAreTurnedAway() {
        CommandBatcher batcher = batcher(1, 1);
        submit(batcher);
        for (int i = 0; i < 20; i++) {
            assertThat(submit(batcher)).isNotDone();
        }
        assertThat(reason(submit(batcher))).isEqualTo(MetadataUnavailableException.Reason.OVERLOADED);
        assertThat(batcher.load().turnedAway()).isEqualTo(1);
        assertThat(batcher.load().commands()).isEqualTo(21);
        proposals.remove().succeed();
        assertThat(submit(batcher)).isNotDone();
    }

    @Test
    void tooManyWaitingBytesAreTurnedAway() {
        CommandBatcher batcher = batcher(1, 1);
        submit(batcher);
        for (int i = 0; i < 3; i++) {
            assertThat(submit(batcher, 900)).isNotDone();
        }
        assertThat(reason(submit(batcher, 900))).isEqualTo(MetadataUnavailableException.Reason.OVERLOADED);
    }

    private static MetadataUnavailableException.Reason reason(CompletableFuture<?> failed) {
        return ((MetadataUnavailableException) failed.exceptionNow()).reason();
    }

    @Test
    void aCommandThatIsTooLargeIsRefused() {
        assertThat(submit(batcher(1, 1), 1000).exceptionNow()).isInstanceOf(RefusedException.class);
        assertThat(proposals).isEmpty();
    }

    @Test
    void commandsPastTheirDeadlineFailWhereverTheyAre() {
        CommandBatcher batcher = batcher(1, 1);
        CompletableFuture<Reply.Done> proposed = submit(batcher);
        CompletableFuture<Reply.Done> waiting = submit(batcher);
        nanos += Duration.ofSeconds(9).toNanos();
        CompletableFuture<Reply.Done> young = submit(batcher);
        batcher.expire();
        assertThat(List.of(proposed, waiting, young))
                .allSatisfy(reply -> assertThat(reply).isNotDone());
        nanos += Duration.ofSeconds(2).toNanos();
        batcher.expire();
        assertThat(reason(proposed)).isEqualTo(MetadataUnavailableException.Reason.NO_ANSWER);
        assertThat(reason(waiting)).isEqualTo(MetadataUnavailableException.Reason.NO_ANSWER);
        assertThat(young).isNotDone();
        // A late outcome changes nothing, but makes room.
        proposals.remove().succeed();
        assertThat(proposals.element().batch().getEnvelopesCount()).isEqualTo(1);
    }

    @Test
    void closingFailsWhatWaits() {
        CommandBatcher batcher = batcher(1, 1);
        CompletableFuture<Reply.Done> proposed = submit(batcher);
        CompletableFuture<Reply.Done> waiting = submit(batcher);
        batcher.close();
        assertThat(reason(waiting)).isEqualTo(MetadataUnavailableException.Reason.NOT_LEADER);
        assertThat(reason(submit(batcher))).isEqualTo(MetadataUnavailableException.Reason.NOT_LEADER);
        assertThat(batcher.load().turnedAway()).isZero();
        proposals.remove().succeed();
        assertThat(proposed).isCompleted();
    }
}
