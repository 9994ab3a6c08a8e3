package io.coffer.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class QuorumWaitTest {
    private final List<CompletableFuture<String>> members =
            Stream.generate(CompletableFuture<String>::new).limit(3).toList();
    private final CompletableFuture<QuorumWait.Quorum<String>> quorum = QuorumWait.on(members, 2);

    @Test
    void enoughSuccessesDecide() throws Exception {
        members.get(2).complete("c");
        assertThat(quorum).isNotDone();
        members.get(0).complete("a");
        assertThat(quorum).isCompleted();
        members.get(1).complete("too late");
        assertThat(quorum.get().successes()).containsOnlyKeys(0, 2).containsEntry(0, "a");
        assertThat(quorum.get().failures()).isEmpty();
    }

    @Test
    void aFailureThatCanBeBorneIsReported() throws Exception {
        var failure = new IllegalStateException("disk");
        members.get(0).completeExceptionally(failure);
        members.get(1).complete("b");
        assertThat(quorum).isNotDone();
        members.get(2).complete("c");
        assertThat(quorum.get().failures()).containsOnlyKeys(0).containsValue(failure);
    }

    @Test
    void tooManyFailuresDecideAtOnce() {
        members.get(0).completeExceptionally(new IllegalStateException("first"));
        members.get(2).completeExceptionally(new CompletionException(new IllegalStateException("second")));
        assertThat(quorum).isCompletedExceptionally();
        assertThatThrownBy(quorum::get)
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(QuorumFailedException.class)
                .hasMessage("2 of 3 failed, 2 were needed")
                .satisfies(e -> {
                    assertThat(((QuorumFailedException) e).failures()).containsOnlyKeys(0, 2);
                    assertThat(e.getCause()).hasMessage("first");
                    assertThat(e.getSuppressed()[0]).hasMessage("second");
                });
    }

    @Test
    void voidMembersCountToo() throws Exception {
        List<CompletableFuture<Void>> nothing = List.of(CompletableFuture.completedFuture(null));
        assertThat(QuorumWait.on(nothing, 1).get().successes()).containsOnlyKeys(0);
    }

    @Test
    void quorumsThatCantBeAreRefused() {
        assertThatThrownBy(() -> QuorumWait.on(members, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> QuorumWait.on(members, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
