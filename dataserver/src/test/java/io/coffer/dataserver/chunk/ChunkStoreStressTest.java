package io.coffer.dataserver.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.io.RealFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers, writers, deleters and upkeep at once, on segments so small that everything is always on the move. */
final class ChunkStoreStressTest {
    private static final int WRITERS = 3;
    private static final int CHUNKS_PER_WRITER = 700;
    private static final int READERS = 3;

    private final AtomicBoolean over = new AtomicBoolean();

    /** Chunks that are there; one that is being deleted isn't in it any more. */
    private final ConcurrentHashMap<Long, Integer> there = new ConcurrentHashMap<>();

    @Test
    void readersSeeTheRightBytesWhateverMoves(@TempDir Path directory) throws Exception {
        AtomicLong verified = new AtomicLong();
        try (OpenStore store = OpenStore.on(RealFileSystem.at(directory));
                ExecutorService threads = Executors.newCachedThreadPool()) {
            List<Future<?>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                Random random = new Random(i);
                readers.add(threads.submit((Callable<Void>) () -> {
                    while (!over.get()) {
                        read(store, random, verified);
                    }
                    return null;
                }));
            }
            readers.add(threads.submit((Callable<Void>) () -> {
                while (!over.get()) {
                    store.tidy();
                    while (store.disk.scrub().step(1 << 20) >= 0) {
                        // To the end of the round.
                    }
                }
                return null;
            }));
            List<Future<?>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                writers.add(threads.submit((Callable<Void>) () -> {
                    write(store, writer);
                    return null;
                }));
            }
            try {
                for (Future<?> writer : writers) {
                    writer.get();
                }
            } finally {
                over.set(true);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
            assertThat(store.damaged).isEmpty();
            assertThat(verified.get()).isGreaterThan(100);
            for (var chunk : there.entrySet()) {
                assertThat(store.get(store.address(chunk.getKey()), chunk.getValue()))
                        .isEqualTo(OpenStore.bytes(chunk.getKey(), chunk.getValue()));
            }
            assertThat(store.store.list(store.id(), null, Long.MAX_VALUE, 10_000))
                    .hasSize(there.size());
            assertThat(store.disk.counters().movedBytes()).isPositive();
            assertThat(store.disk.counters().freedSegments()).isPositive();
        }
    }

    private void write(OpenStore store, int writer) throws ChunkException {
        Random random = new Random(100 + writer);
        for (int i = 0; i < CHUNKS_PER_WRITER && !over.get(); i++) {
            long number = (long) i * WRITERS + writer;
            int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 300_000 : 60_000);
            store.put(store.address(number), OpenStore.bytes(number, length));
            there.put(number, length);
            if (i > 20 && random.nextInt(10) != 0) {
                long old = number - 20L * WRITERS;
                if (there.remove(old) != null) {
                    assertThat(store.store.delete(store.address(old))).isTrue();
                }
            }
        }
    }

    private void read(OpenStore store, Random random, AtomicLong verified) throws ChunkException {
        List<Long> numbers = new ArrayList<>(there.keySet());
        if (numbers.isEmpty()) {
            return;
        }
        long number = numbers.get(random.nextInt(numbers.size()));
        Integer length = there.get(number);
        if (length == null) {
            return;
        }
        try {
            assertThat(store.get(store.address(number), length)).isEqualTo(OpenStore.bytes(number, length));
            verified.incrementAndGet();
        } catch (ChunkException e) {
            assertThat(e.error()).as("%s", e).isEqualTo(ChunkError.NOT_FOUND);
            assertThat(there).doesNotContainKey(number);
        }
    }
}
