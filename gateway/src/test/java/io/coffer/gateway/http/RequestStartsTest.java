package io.coffer.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestStartsTest {
    private final EventLoop loop = new DefaultEventLoop();
    private final AtomicInteger wakes = new AtomicInteger();
    private final RequestStarts starts = new RequestStarts(task -> {
        if (loop.inEventLoop()) {
            wakes.incrementAndGet();
        }
        Thread.startVirtualThread(task);
    });

    @AfterEach
    void close() {
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    @Test
    void theRequestsOfARoundCostTheLoopOneWakeAndDontWaitForEachOther() throws Exception {
        int count = 5;
        CountDownLatch all = new CountDownLatch(count);
        CountDownLatch over = new CountDownLatch(count);
        loop.submit(() -> {
                    for (int i = 0; i < count; i++) {
                        starts.start(loop, () -> {
                            all.countDown();
                            await(all);
                            over.countDown();
                        });
                    }
                })
                .get();
        assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(wakes).hasValue(1);
    }

    @Test
    void theNextRoundIsAnother() throws Exception {
        for (int round = 1; round <= 3; round++) {
            CountDownLatch over = new CountDownLatch(2);
            loop.submit(() -> {
                        starts.start(loop, over::countDown);
                        starts.start(loop, over::countDown);
                    })
                    .get();
            assertThat(over.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(wakes).hasValue(round);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
