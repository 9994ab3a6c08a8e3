package io.coffer.dataserver.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.fault.CrashableFileSystem;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random lives of a store beside a map that says what it must hold. {@code -Dseed=} replays one. */
final class ChunkStoreSeededTest {
    private static final int STEPS = 500;
    private static final int MOST_UNFINISHED = 4;

    static LongStream seeds() {
        Long chosen = Long.getLong("seed");
        return chosen != null ? LongStream.of(chosen) : LongStream.range(0, 12);
    }

    /** What a restart does to the disk first. */
    private interface Restart {
        void apply(Random random) throws Exception;
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void aStoreHoldsWhatItsModelHolds(long seed) throws Exception {
        CrashableFileSystem files = new CrashableFileSystem();
        run(seed, files, false, random -> {
            switch (random.nextInt(4)) {
                case 0 -> files.deleteRecursively("index");
                case 1 -> files.crash(random);
                case 2 -> files.kill();
                default -> {} // an orderly end
            }
        });
    }

    @Test
    void soDoesOneOnARealDisk(@TempDir Path directory) throws Exception {
        FileSystem files = RealFileSystem.at(directory);
        run(Long.getLong("seed", 77), files, true, random -> {
            if (random.nextInt(3) == 0) {
                files.deleteRecursively("index");
            }
        });
    }

    private static void run(long seed, FileSystem files, boolean onlyOrderly, Restart restart) throws Exception {
        Random random = new Random(seed);
        TreeMap<Long, Integer> model = new TreeMap<>();
        long next = 0;
        TreeMap<Long, ChunkWriter> unfinished = new TreeMap<>();
        OpenStore store = OpenStore.on(files);
        for (int step = 0; step < STEPS; step++) {
            try {
                switch (random.nextInt(24)) {
                    case 0, 1, 2, 3, 4, 5, 6 -> {
                        store.put(store.address(next), OpenStore.bytes(next, length(next)));
                        model.put(next, length(next));
                        next++;
                    }
                    case 7, 8, 9, 10 -> {
                        long number = any(random, next);
                        boolean there = model.remove(number) != null;
                        assertThat(store.store.delete(store.address(number))).isEqualTo(there);
                    }
                    case 11 -> replace(store, any(random, next), model);
                    case 12 -> store.disk.reclaim().eraseDead();
                    case 13 -> store.disk.reclaim().freeSegments();
                    case 14 -> store.disk.reclaim().compact(random.nextInt(1_000_000));
                    case 15 -> store.disk.reclaim().trimFullSegments();
                    case 16 -> store.disk.scrub().step(random.nextInt(1_000_000));
                    case 17 -> {
                        boolean orderly = onlyOrderly || random.nextInt(3) == 0;
                        if (orderly) {
                            if (random.nextBoolean()) {
                                unfinished.values().forEach(ChunkWriter::close);
                            }
                            store.close();
                        }
                        unfinished.clear();
                        restart.apply(random);
                        closeQuietly(store);
                        store = OpenStore.on(files);
                    }
                    case 18, 19 -> {
                        if (unfinished.size() < MOST_UNFINISHED) {
                            unfinished.put(next, begin(store, next));
                            next++;
                        }
                    }
                    case 20, 21 -> {
                        if (!unfinished.isEmpty()) {
                            long number = new ArrayList<>(unfinished.keySet()).get(random.nextInt(unfinished.size()));
                            if (finish(unfinished.remove(number), number, random)) {
                                model.put(number, length(number));
                            }
                        }
                    }
                    default -> check(store, any(random, next), model, random);
                }
            } catch (ChunkException e) {
                throw new AssertionError("seed " + seed + ", step " + step, e);
            }
        }
        unfinished.values().forEach(ChunkWriter::close);
        for (long number = 0; number < next; number++) {
            check(store, number, model, random);
        }
        List<Long> listed = new ArrayList<>();
        for (ChunkDescriptor chunk : store.store.list(store.id(), null, Long.MAX_VALUE, 10_000)) {
            listed.add(chunk.address().extent().low());
        }
        assertThat(listed).as("seed %d", seed).containsExactlyElementsOf(model.keySet());
        assertThat(store.damaged).isEmpty();
        store.tidy();
        assertThat(store.store.disks().getFirst().liveBytes())
                .isBetween(
                        model.values().stream().mapToLong(length -> length).sum(),
                        model.values().stream()
                                .mapToLong(length -> length + 8192L)
                                .sum());
        store.close();
    }

    private static ChunkWriter begin(OpenStore store, long number) throws ChunkException {
        byte[] bytes = OpenStore.bytes(number, length(number));
        ChunkWriter writer = store.store.create(OpenStore.descriptor(store.address(number), bytes.length));
        writer.write(ByteBuffer.wrap(bytes));
        return writer;
    }

    /** Returns whether it was committed. */
    private static boolean finish(ChunkWriter writer, long number, Random random) throws ChunkException {
        try (writer) {
            boolean wanted = random.nextBoolean();
            if (wanted) {
                OpenStore.await(writer.commit(OpenStore.checksums(OpenStore.bytes(number, length(number)))));
            }
            return wanted;
        }
    }

    private static void closeQuietly(OpenStore store) {
        try {
            store.close();
        } catch (java.io.IOException | RuntimeException e) {
            // It was closed, or its disk is another one by now.
        }
    }

    private static int length(long number) {
        return (int) (number * 7919 % 11 * number * 104_729 % (number % 5 == 0 ? 600_000 : 70_000));
    }

    private static long any(Random random, long next) {
        return next == 0 ? 0 : random.nextLong(next);
    }

    private static void replace(OpenStore store, long number, TreeMap<Long, Integer> model) throws ChunkException {
        if (model.containsKey(number)) {
            byte[] bytes = OpenStore.bytes(number, length(number));
            try (ChunkWriter writer = store.store.replace(OpenStore.descriptor(store.address(number), bytes.length))) {
                writer.write(ByteBuffer.wrap(bytes));
                OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
            }
        }
    }

    private static void check(OpenStore store, long number, TreeMap<Long, Integer> model, Random random)
            throws ChunkException {
        Integer length = model.get(number);
        if (length == null) {
            ChunkStoreContract.refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(number), 0, 0));
            return;
        }
        byte[] bytes = OpenStore.bytes(number, length);
        int from = random.nextInt(length + 1);
        int count = random.nextInt(length - from + 1);
        assertThat(store.get(store.address(number), from, count))
                .isEqualTo(java.util.Arrays.copyOfRange(bytes, from, from + count));
        assertThat(store.get(store.address(number), length)).isEqualTo(bytes);
    }
}
