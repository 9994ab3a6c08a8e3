package io.coffer.common.checksum;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/** Two threads, each bringing 64 KiB to one of its streams at random, from direct memory, copy included: microseconds. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Threads(2)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class Md5LanesBench {
    private static final int OBJECT_UPDATES = 256;
    private static final int UPDATE_BYTES = 64 * 1024;

    /** Shared by the threads. */
    @State(Scope.Benchmark)
    public static class Shared {
        @Param({"false", "true"})
        boolean vector;

        private Md5Lanes lanes;

        @Setup
        public void start() throws InterruptedException {
            boolean faster = Md5Lanes.PROBE.awaitDecision(Duration.ofSeconds(60));
            lanes = new Md5Lanes(() -> vector && faster);
        }
    }

    /** One thread's streams. */
    @State(Scope.Thread)
    public static class Connections {
        @Param({"1", "4", "8", "32"})
        int streamsPerThread;

        private final SplittableRandom random = new SplittableRandom(1);
        private final ByteBuffer data = ByteBuffer.allocateDirect(UPDATE_BYTES);
        private Md5Stream[] streams;
        private int[] left;

        @Setup
        public void start(Shared shared) {
            streams = new Md5Stream[streamsPerThread];
            left = new int[streamsPerThread];
            for (int i = 0; i < streamsPerThread; i++) {
                streams[i] = shared.lanes.newStream(Long.MAX_VALUE);
                left[i] = 1 + OBJECT_UPDATES * i / streamsPerThread;
            }
        }
    }

    @Benchmark
    public int update(Shared shared, Connections mine) {
        int i = mine.random.nextInt(mine.streamsPerThread);
        mine.streams[i].update(mine.data.clear());
        if (--mine.left[i] > 0) {
            return 0;
        }
        int first = mine.streams[i].digest()[0];
        mine.streams[i].close();
        mine.streams[i] = shared.lanes.newStream(Long.MAX_VALUE);
        mine.left[i] = OBJECT_UPDATES;
        return first;
    }
}
