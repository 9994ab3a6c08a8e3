package io.coffer.metaserver.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ReadBarrierTest {
    private final Deque<CompletableFuture<Void>> checks = new ArrayDeque<>();
    private final ReadBarrier barrier = new ReadBarrier(() -> {
        CompletableFuture<Void> check = new CompletableFuture<>();
        checks.add(check);
        return check;
    });

    @Test
    void aReadThatFindsNoCheckBeginsOne() {
        CompletableFuture<Void> read = barrier.pass();
        assertThat(checks).hasSize(1);
        assertThat(read).isNotDone();
        checks.remove().complete(null);
        assertThat(read).isCompleted();
    }

    @Test
    void readsThatComeDuringACheckShareTheNextOneAndOnlyThat() {
        CompletableFuture<Void> first = barrier.pass();
        CompletableFuture<Void> second = barrier.pass();
        CompletableFuture<Void> third = barrier.pass();
        assertThat(checks).hasSize(1);
        checks.remove().complete(null);
        assertThat(first).isCompleted();
        // The first check may have looked before the second read began.
        assertThat(second).isNotDone();
        assertThat(checks).hasSize(1);
        CompletableFuture<Void> fourth = barrier.pass();
        checks.remove().complete(null);
        assertThat(second).isCompleted();
        assertThat(third).isCompleted();
        assertThat(fourth).isNotDone();
        checks.remove().complete(null);
        assertThat(fourth).isCompleted();
        assertThat(checks).isEmpty();
    }

    @Test
    void aFailedCheckFailsItsReadsAndTheNextBeginsAfresh() {
        CompletableFuture<Void> first = barrier.pass();
        CompletableFuture<Void> second = barrier.pass();
        checks.remove().completeExceptionally(new IllegalStateException("no leader"));
        assertThat(first).isCompletedExceptionally();
        checks.remove().completeExceptionally(new IllegalStateException("no leader"));
        assertThat(second).isCompletedExceptionally();
        CompletableFuture<Void> third = barrier.pass();
        checks.remove().complete(null);
        assertThat(third).isCompleted();
    }

    @Test
    void aCheckThatEndsAtOnceLetsEachReadThrough() {
        ReadBarrier immediate = new ReadBarrier(() -> CompletableFuture.completedFuture(null));
        assertThat(immediate.pass()).isCompleted();
        assertThat(immediate.pass()).isCompleted();
    }
}
