package io.coffer.common.io;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Taking a buffer and giving it back: nanoseconds. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BufferPoolBench {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final BufferPool pool = BufferPool.ofCount(4096, 16);

    @Benchmark
    public int alone() throws Exception {
        try (PooledBuffer buffer = pool.acquire(TIMEOUT)) {
            return buffer.buffer().capacity();
        }
    }

    @Benchmark
    @Threads(2)
    public int two() throws Exception {
        try (PooledBuffer buffer = pool.acquire(TIMEOUT)) {
            return buffer.buffer().capacity();
        }
    }
}
