package io.coffer.common.checksum;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Md5LanesTest {
    private static final long LARGE = Long.MAX_VALUE;

    private final Md5Lanes lanes = new Md5Lanes(() -> true);

    private static byte[] random(SplittableRandom random, int length) {
        byte[] data = new byte[length];
        random.nextBytes(data);
        return data;
    }

    private static byte[] jdk(byte[] data) throws Exception {
        return MessageDigest.getInstance("MD5").digest(data);
    }

    /** Streams that are made when others are open go into lanes. */
    private List<Md5Stream> laneStreams(int count) {
        List<Md5Stream> streams = new ArrayList<>();
        for (int i = 0; i < Md5Lanes.LANES_WORTHWHILE - 1; i++) {
            assertThat(lanes.newStream(LARGE)).isInstanceOf(Md5.Alone.class);
        }
        for (int i = 0; i < count; i++) {
            Md5Stream stream = lanes.newStream(LARGE);
            assertThat(stream).isInstanceOf(Md5LaneStream.class);
            streams.add(stream);
        }
        return streams;
    }

    @Test
    void theScalarCodeAgreesWithTheJdkForEveryLength() throws Exception {
        SplittableRandom random = new SplittableRandom(1);
        for (int length = 0; length < 300; length++) {
            byte[] data = random(random, length);
            assertThat(Md5LaneStream.finish(Md5Scalar.newState(), data, length, length))
                    .isEqualTo(jdk(data));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 16})
    void everyLaneOfTheKernelAgreesWithTheScalarCode(int count) {
        SplittableRandom random = new SplittableRandom(count);
        Md5Kernel kernel = new Md5Kernel();
        int[][] states = new int[count][];
        int[][] expected = new int[count][];
        for (int lane = 0; lane < count; lane++) {
            states[lane] = Md5Scalar.newState();
            expected[lane] = Md5Scalar.newState();
        }
        for (int round = 1; round < 4; round++) {
            int length = round * Md5Kernel.STEP_BYTES;
            byte[][] data = new byte[count][];
            for (int lane = 0; lane < count; lane++) {
                data[lane] = random(random, length);
                Md5Scalar.compress(expected[lane], data[lane], 0, length);
            }
            kernel.compress(states, data, count, length);
            assertThat(states).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16, 40})
    void streamsSideBySideHaveTheirOwnDigests(int count) throws Exception {
        SplittableRandom random = new SplittableRandom(count);
        List<Md5Stream> streams = laneStreams(count);
        List<byte[]> data = new ArrayList<>();
        int[] done = new int[count];
        for (int i = 0; i < count; i++) {
            data.add(random(random, random.nextInt(400_000)));
        }
        for (int left = count; left > 0; ) {
            int i = random.nextInt(count);
            byte[] mine = data.get(i);
            if (done[i] >= 0) {
                int step = Math.min(random.nextInt(70_000), mine.length - done[i]);
                update(streams.get(i), mine, done[i], step, random);
                done[i] += step;
                if (done[i] == mine.length) {
                    assertThat(streams.get(i).digest()).isEqualTo(jdk(mine));
                    done[i] = -1;
                    left--;
                }
            }
        }
    }

    private static void update(Md5Stream stream, byte[] data, int at, int length, SplittableRandom random) {
        if (random.nextBoolean()) {
            stream.update(data, at, length);
        } else {
            ByteBuffer direct =
                    ByteBuffer.allocateDirect(length).put(data, at, length).flip();
            stream.update(direct);
            assertThat(direct.hasRemaining()).isFalse();
            direct.clear().put(new byte[length]); // no reference is kept
        }
    }

    @Test
    void streamsOnManyThreadsHaveTheirOwnDigests() throws Exception {
        int threads = 6;
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            List<Future<Integer>> results = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                SplittableRandom random = new SplittableRandom(t);
                results.add(executor.submit(() -> hashMany(random)));
            }
            for (Future<Integer> result : results) {
                assertThat(result.get()).isZero();
            }
        }
        assertThat(lanes.averageLanes()).isGreaterThan(1);
        assertThat(lanes.newStream(LARGE)).isInstanceOf(Md5.Alone.class); // all were closed
    }

    private int hashMany(SplittableRandom random) throws Exception {
        int wrong = 0;
        for (int round = 0; round < 8; round++) {
            List<Md5Stream> streams = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                streams.add(lanes.newStream(LARGE));
            }
            byte[] data = random(random, 300_000 + random.nextInt(300_000));
            for (int at = 0; at < data.length; ) {
                int step = Math.min(1 + random.nextInt(65_536), data.length - at);
                for (Md5Stream stream : streams) {
                    stream.update(data, at, step);
                }
                at += step;
            }
            for (int i = 0; i < streams.size(); i++) {
                if (i % 3 != 2) { // the third is abandoned
                    wrong += MessageDigest.isEqual(streams.get(i).digest(), jdk(data)) ? 0 : 1;
                }
                streams.get(i).close();
            }
        }
        return wrong;
    }

    @Test
    void digestAndResetBothStartAnew() throws Exception {
        byte[] data = random(new SplittableRandom(3), 5 * Md5Lanes.CHUNK_BYTES + 17);
        for (Md5Stream stream : laneStreams(2)) {
            stream.update(data);
            assertThat(stream.digest()).isEqualTo(jdk(data));
            assertThat(stream.digest()).isEqualTo(jdk(new byte[0]));
            stream.update(data);
            stream.reset();
            stream.update("abc".getBytes(US_ASCII));
            assertThat(stream.digest()).isEqualTo(jdk("abc".getBytes(US_ASCII)));
        }
    }

    @Test
    void fewStreamsShortStreamsAndMachinesWithoutVectorsUseTheJdk() {
        for (int i = 0; i < 20; i++) {
            assertThat(lanes.newStream(1000)).isInstanceOf(Md5.Alone.class);
        }
        List<Md5Stream> streams = laneStreams(1);
        streams.getFirst().close();
        streams.getFirst().close();
        assertThat(lanes.newStream(LARGE)).isInstanceOf(Md5LaneStream.class);
        assertThatThrownBy(() -> streams.getFirst().update(new byte[1])).isInstanceOf(IllegalStateException.class);

        Md5Lanes plain = new Md5Lanes(() -> false);
        for (int i = 0; i < 20; i++) {
            assertThat(plain.newStream(LARGE)).isInstanceOf(Md5.Alone.class);
        }
    }
}
