package io.coffer.common.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PermitsTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(1);

    private final Permits permits = new Permits("bytes", 10);

    @Test
    void whatIsTakenIsGoneUntilItIsGivenBack() throws Exception {
        Permits.Permit six = permits.acquire(6, SHORT);
        assertThat(permits.inUse()).isEqualTo(6);
        assertThat(permits.tryAcquire(5)).isEmpty();
        assertThatThrownBy(() -> permits.acquire(5, SHORT))
                .isInstanceOf(PermitsExhaustedException.class)
                .hasMessage("no 5 of 10 bytes free");
        permits.tryAcquire(4).orElseThrow().close();
        six.close();
        assertThat(permits.inUse()).isZero();
        permits.acquire(10, SHORT).close();
    }

    @Test
    void closingTwiceIsFoundAndGivesNothing() throws Exception {
        Permits.Permit permit = permits.acquire(3, SHORT);
        permit.close();
        assertThatThrownBy(permit::close).isInstanceOf(IllegalStateException.class);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void theImpossibleIsRefusedAtOnce() {
        assertThatThrownBy(() -> permits.tryAcquire(11)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> permits.acquire(-1, LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Permits("x", 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void smallOnesDontPassALargeOneThatWaits() throws Exception {
        Permits.Permit held = permits.acquire(5, SHORT);
        var served = new ConcurrentLinkedQueue<Integer>();
        Thread large = waiter(10, served);
        assertThat(permits.tryAcquire(1)).isEmpty();
        Thread small = waiter(1, served);
        held.close();
        large.join();
        small.join();
        assertThat(served).containsExactly(10, 1);
        assertThat(permits.inUse()).isZero();
    }

    @Test
    void whoGivesUpMakesRoomForThoseBehind() throws Exception {
        Permits.Permit held = permits.acquire(5, SHORT);
        var served = new ConcurrentLinkedQueue<Integer>();
        Thread large = waiter(10, served);
        Thread small = waiter(1, served);
        large.interrupt();
        large.join();
        small.join();
        assertThat(served).containsExactly(-1, 1);
        held.close();
        assertThat(permits.inUse()).isZero();
    }

    private Thread waiter(int amount, ConcurrentLinkedQueue<Integer> served) {
        Thread waiter = Thread.ofPlatform().start(() -> {
            try (Permits.Permit permit = permits.acquire(amount, LONG)) {
                served.add(amount);
            } catch (Exception e) {
                served.add(-1);
            }
        });
        while (waiter.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        return waiter;
    }

    @Test
    void neverMoreThanTheBoundIsUnderWay() throws Exception {
        AtomicLong underWay = new AtomicLong();
        AtomicLong most = new AtomicLong();
        try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
            List<Future<?>> results = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                SplittableRandom random = new SplittableRandom(t);
                results.add(executor.submit(() -> {
                    for (int i = 0; i < 3_000; i++) {
                        int amount = 1 + random.nextInt(9);
                        try (Permits.Permit permit = permits.acquire(amount, LONG)) {
                            long now = underWay.addAndGet(amount);
                            most.accumulateAndGet(now, Math::max);
                            Thread.yield();
                            underWay.addAndGet(-amount);
                        }
                    }
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        }
        assertThat(most.get()).isBetween(1L, 10L);
        assertThat(permits.inUse()).isZero();
    }
}
