package io.coffer.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class BoundedExecutorsTest {
    @Test
    void whatFitsNeitherThreadsNorQueueIsRefused() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService executor = BoundedExecutors.platform("work", 2, 1);
        Future<String> first = executor.submit(() -> {
            release.await();
            return Thread.currentThread().getName() + Thread.currentThread().isDaemon();
        });
        executor.execute(() -> awaitQuietly(release));
        Future<String> queued = executor.submit(() -> "ran");
        assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        release.countDown();
        assertThat(first.get()).isEqualTo("work-1true");
        assertThat(queued.get()).isEqualTo("ran");
        assertThat(BoundedExecutors.close(executor, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void withoutAQueueOnlyIdleThreadsTakeWork() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ExecutorService executor = BoundedExecutors.platform("work", 1, 0);
        executor.execute(() -> awaitQuietly(release));
        assertThatThrownBy(() -> executor.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        release.countDown();
        assertThat(BoundedExecutors.close(executor, Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void closingInterruptsWhatDoesntEnd() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        ExecutorService executor = BoundedExecutors.platform("work", 1, 0);
        executor.execute(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        assertThat(BoundedExecutors.close(executor, Duration.ofMillis(1))).isFalse();
        interrupted.await();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
