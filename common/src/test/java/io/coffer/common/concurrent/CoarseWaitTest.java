package io.coffer.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CoarseWaitTest {
    private static final long LONG = Duration.ofMinutes(10).toNanos();

    private final CompletableFuture<String> future = new CompletableFuture<>();

    @Test
    void tellsWhatComesWhileItWaits() throws Exception {
        CompletableFuture<String> told = inThread(LONG);
        assertThat(told.isDone()).isFalse();
        future.complete("here");
        assertThat(told.get()).isEqualTo("here");
    }

    @Test
    void tellsWhatIsThere() throws Exception {
        assertThat(CoarseWait.get(CompletableFuture.completedFuture("here"), LONG))
                .isEqualTo("here");
    }

    @Test
    void tellsAFailureAsTheFutureDoes() {
        CompletableFuture<String> told = inThread(LONG);
        IOException failure = new IOException("no");
        future.completeExceptionally(failure);
        assertThatThrownBy(told::get)
                .cause()
                .isInstanceOf(ExecutionException.class)
                .hasCause(failure);
    }

    @Test
    void aFailureThatIsALateOneIsTheFuturesOwn() {
        CompletableFuture<String> told = inThread(LONG);
        future.completeExceptionally(new TimeoutException("elsewhere"));
        assertThatThrownBy(told::get)
                .cause()
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("elsewhere");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000_000, 1_000_000_000, 1_200_000_000})
    void givesUpWhenTheTimeIsOverAndNotBefore(long nanos) {
        long began = System.nanoTime();
        assertThatThrownBy(() -> CoarseWait.get(future, nanos)).isInstanceOf(TimeoutException.class);
        assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(nanos);
        assertThat(future.isDone()).as("the future is its maker's").isFalse();
    }

    @Test
    void oneThatIsInterruptedSaysSo() {
        CompletableFuture<Thread> self = new CompletableFuture<>();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            self.complete(Thread.currentThread());
            try {
                CoarseWait.get(future, LONG);
            } catch (InterruptedException e) {
                interrupted.complete(true);
            } catch (ExecutionException | TimeoutException e) {
                interrupted.completeExceptionally(e);
            }
        });
        self.join().interrupt();
        assertThat(interrupted.join()).isTrue();
    }

    @Test
    void nothingIsKeptOfAWaitThatIsOver() throws Exception {
        assertThatThrownBy(() -> CoarseWait.get(future, CoarseWait.EXACT.toNanos()))
                .isInstanceOf(TimeoutException.class);
        assertThat(CoarseWait.isAwaited(future)).isFalse();
        CompletableFuture<String> told = inThread(LONG);
        future.complete("here");
        told.get();
        assertThat(CoarseWait.isAwaited(future)).isFalse();
    }

    private CompletableFuture<String> inThread(long nanos) {
        CompletableFuture<String> told = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                told.complete(CoarseWait.get(future, nanos));
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                told.completeExceptionally(e);
            }
        });
        while (!CoarseWait.isAwaited(future)) {
            Thread.onSpinWait();
        }
        return told;
    }
}
