package io.coffer.common.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(1);

    @Test
    void buffersAreDirectAlignedAndOfTheSizeAskedFor() throws Exception {
        for (int size : new int[] {1, 1000, 4096, 4097, BufferPool.DEFAULT_BUFFER_BYTES}) {
            BufferPool pool = BufferPool.ofCount(size, 3);
            for (int i = 0; i < 3; i++) {
                ByteBuffer buffer = pool.acquire(SHORT).buffer();
                assertThat(buffer.isDirect()).isTrue();
                assertThat(buffer.capacity()).isEqualTo(size);
                assertThat(buffer.remaining()).isEqualTo(size);
                assertThat(MemorySegment.ofBuffer(buffer).address() % BufferPool.ALIGNMENT_BYTES)
                        .isZero();
            }
        }
    }

    @Test
    void memoryIsTakenWhenNeededAndNeverBeyondTheBound() throws Exception {
        BufferPool pool = BufferPool.ofTotalBytes(1000, 3500);
        assertThat(pool.maxBytes()).isEqualTo(3000);
        assertThat(pool.allocatedBytes()).isZero();
        pool.acquire(SHORT).close();
        pool.acquire(SHORT).close();
        assertThat(pool.allocatedBytes()).isEqualTo(1000);
        List<PooledBuffer> all = List.of(pool.acquire(SHORT), pool.acquire(SHORT), pool.acquire(SHORT));
        assertThat(pool.allocatedBytes()).isEqualTo(3000);
        assertThat(pool.inUse()).isEqualTo(3);
        assertThatThrownBy(() -> pool.acquire(SHORT)).isInstanceOf(BuffersExhaustedException.class);
        assertThat(pool.tryAcquire()).isEmpty();
        all.forEach(PooledBuffer::close);
        assertThat(pool.inUse()).isZero();
        assertThat(pool.allocatedBytes()).isEqualTo(3000);
    }

    @Test
    void aReturnedBufferComesBackClean() throws Exception {
        BufferPool pool = BufferPool.ofCount(16, 1);
        try (PooledBuffer first = pool.acquire(SHORT)) {
            first.buffer().order(ByteOrder.LITTLE_ENDIAN).position(3).limit(5);
        }
        try (PooledBuffer second = pool.acquire(SHORT)) {
            assertThat(second.buffer().position()).isZero();
            assertThat(second.buffer().limit()).isEqualTo(16);
            assertThat(second.buffer().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
        }
    }

    @Test
    void closingTwiceAndUseAfterCloseAreFound() throws Exception {
        BufferPool pool = BufferPool.ofCount(16, 1);
        PooledBuffer buffer = pool.acquire(SHORT);
        buffer.close();
        assertThatThrownBy(buffer::close).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(buffer::buffer).isInstanceOf(IllegalStateException.class);
        assertThat(pool.inUse()).isZero();
        assertThat(pool.tryAcquire()).isPresent();
        assertThat(pool.tryAcquire()).isEmpty();
    }

    @Test
    void aTracingPoolNamesThePlaceOfALeak() throws Exception {
        BufferPool pool = BufferPool.tracing(16, 2);
        pool.acquire(SHORT).close();
        pool.requireNoneInUse();
        leak(pool);
        assertThatThrownBy(pool::requireNoneInUse)
                .isInstanceOf(IllegalStateException.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0].getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("leak")));
    }

    @SuppressWarnings("MustBeClosedChecker")
    private static void leak(BufferPool pool) throws Exception {
        pool.acquire(SHORT);
    }

    @Test
    void waitersAreServedInOrderAndNobodyPassesThem() throws Exception {
        BufferPool pool = BufferPool.ofCount(16, 1);
        PooledBuffer held = pool.acquire(SHORT);
        var served = new ConcurrentLinkedQueue<Integer>();
        List<Thread> waiters = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int turn = i;
            Thread waiter = Thread.ofPlatform().start(() -> {
                try (PooledBuffer mine = pool.acquire(LONG)) {
                    served.add(turn);
                } catch (Exception e) {
                    served.add(-1);
                }
            });
            waiters.add(waiter);
            while (waiter.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
        }
        assertThat(pool.tryAcquire()).isEmpty();
        held.close();
        for (Thread waiter : waiters) {
            waiter.join();
        }
        assertThat(served).containsExactly(0, 1, 2);
    }

    @Test
    void noBufferIsEverHeldTwice() throws Exception {
        int threads = 4;
        BufferPool pool = BufferPool.ofCount(8, 2);
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long mark = t + 1;
                results.add(executor.submit(() -> {
                    int wrong = 0;
                    for (int i = 0; i < 5_000; i++) {
                        try (PooledBuffer mine = pool.acquire(LONG)) {
                            mine.buffer().putLong(0, mark);
                            Thread.yield();
                            wrong += mine.buffer().getLong(0) == mark ? 0 : 1;
                        }
                    }
                    return wrong;
                }));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        }
        assertThat(pool.inUse()).isZero();
        assertThat(pool.allocatedBytes()).isLessThanOrEqualTo(16);
    }
}
