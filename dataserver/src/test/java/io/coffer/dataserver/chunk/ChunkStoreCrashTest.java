package io.coffer.dataserver.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.fault.CrashPoints;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.dataserver.disk.DiskOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Power cuts at every point of a chunk store's life: what was acknowledged is there and right, what wasn't is absent or whole, and what was
 * deleted stays away, also when the index is lost on top.
 */
final class ChunkStoreCrashTest {
    private static final long SEED = Long.getLong("seed", 20_261_121);
    private static final DiskOptions TINY = new DiskOptions(256 << 10, 64 << 10, 0, 16 << 10, 16 << 10);
    private static final int STAGED = 10_000;
    private static final int DIRECT = 70_000;
    private static final int LONG = 2 * OpenStore.LONG_WRITE_BYTES + 10_000;

    /** What may be found of a chunk. */
    private enum Expected {
        PRESENT,
        ABSENT,
        EITHER
    }

    /** A scenario that remembers what it was told. */
    private abstract static class Life implements CrashPoints.Trial {
        final Map<Long, Expected> expected = new HashMap<>();
        long epochSeen;

        static int length(long number) {
            return number % 5 == 4 ? LONG : number % 3 == 0 ? DIRECT : STAGED;
        }

        abstract void live(OpenStore store) throws Exception;

        @Override
        public void run(CrashableFileSystem files) throws Exception {
            OpenStore store = OpenStore.on(files, TINY);
            try {
                live(store);
            } finally {
                closeWhatIsLeft(store);
            }
        }

        void put(OpenStore store, long number) throws ChunkException {
            expected.put(number, Expected.EITHER);
            store.put(store.address(number), OpenStore.bytes(number, length(number)));
            expected.put(number, Expected.PRESENT);
        }

        void delete(OpenStore store, long number) throws ChunkException {
            expected.put(number, Expected.EITHER);
            assertThat(store.store.delete(store.address(number))).isTrue();
            expected.put(number, Expected.ABSENT);
        }

        @Override
        public void check(CrashableFileSystem files) throws Exception {
            try (OpenStore store = OpenStore.on(files, TINY)) {
                verify(store, expected);
            }
            // Once more: a recovery leaves what the next one can use.
            try (OpenStore store = OpenStore.on(files, TINY)) {
                verify(store, expected);
                store.tidy();
                verify(store, expected);
            }
            files.deleteRecursively("index");
            try (OpenStore store = OpenStore.on(files, TINY)) {
                verify(store, expected);
                put(store, 1_000);
                verify(store, expected);
            }
        }

        private void verify(OpenStore store, Map<Long, Expected> expected) throws ChunkException {
            int present = 0;
            for (Map.Entry<Long, Expected> chunk : expected.entrySet()) {
                long number = chunk.getKey();
                boolean found = isThere(store, number);
                if (chunk.getValue() != Expected.EITHER) {
                    assertThat(found).as("chunk %d is there", number).isEqualTo(chunk.getValue() == Expected.PRESENT);
                }
                present += found ? 1 : 0;
                // What was found once must not change any more.
                chunk.setValue(found ? Expected.PRESENT : Expected.ABSENT);
            }
            List<ChunkDescriptor> listed = store.store.list(store.id(), null, Long.MAX_VALUE, 10_000);
            assertThat(listed).hasSize(present);
            assertThat(store.damaged).isEmpty();
            assertThat(store.disk.epochs().getOrDefault(OpenStore.VOLUME, 0L)).isGreaterThanOrEqualTo(epochSeen);
        }

        private static boolean isThere(OpenStore store, long number) throws ChunkException {
            try {
                assertThat(store.get(store.address(number), length(number)))
                        .isEqualTo(OpenStore.bytes(number, length(number)));
                return true;
            } catch (ChunkException e) {
                assertThat(e.error()).as("chunk %d", number).isEqualTo(ChunkError.NOT_FOUND);
                return false;
            }
        }
    }

    private static void closeWhatIsLeft(OpenStore store) {
        try {
            store.close();
        } catch (IOException e) {
            // The power is off.
        }
    }

    /** A few chunks, one after the other, some deleted. */
    private static final class Simple extends Life {
        @Override
        void live(OpenStore store) throws Exception {
            for (long number = 0; number < 9; number++) {
                put(store, number);
                if (number % 2 == 1) {
                    delete(store, number - 1);
                }
            }
            epochSeen = OpenStore.EPOCH;
        }
    }

    @Test
    void aFewChunksSurviveACutAtEveryOperation() {
        long points = CrashPoints.atEveryOperation(SEED, 2, Simple::new);
        assertThat(points).isGreaterThan(60);
    }

    /** Several writers at a time share a sync; one of them gives up. */
    private static final class Concurrent extends Life {
        @Override
        void live(OpenStore store) throws Exception {
            for (long group = 0; group < 6; group++) {
                Map<Long, CompletableFuture<Void>> commits = new HashMap<>();
                List<ChunkWriter> open = new ArrayList<>();
                for (long number = group * 10; number < group * 10 + 5; number++) {
                    byte[] bytes = OpenStore.bytes(number, length(number));
                    ChunkWriter writer = store.store.create(OpenStore.descriptor(store.address(number), bytes.length));
                    expected.put(number, Expected.EITHER);
                    OpenStore.writeAll(writer, bytes, new Random(number));
                    if (number % 5 == 2) {
                        open.add(writer); // never committed
                    } else {
                        commits.put(number, writer.commit(OpenStore.checksums(bytes)));
                    }
                }
                for (Map.Entry<Long, CompletableFuture<Void>> commit : commits.entrySet()) {
                    OpenStore.await(commit.getValue());
                    expected.put(commit.getKey(), Expected.PRESENT);
                }
                expected.put(group * 10 + 2, Expected.ABSENT);
                open.forEach(ChunkWriter::close);
            }
        }
    }

    @Test
    void chunksThatShareASyncSurviveACutAtEveryOperation() {
        CrashPoints.atEveryOperation(SEED, 2, Concurrent::new);
    }

    /** Everything that gives space back: erasing, compaction, recycled segments, marks segments that end. */
    private static final class Reclaimed extends Life {
        @Override
        void live(OpenStore store) throws Exception {
            for (long round = 0; round < 4; round++) {
                for (long number = round * 20; number < round * 20 + 8; number++) {
                    put(store, number);
                }
                for (long number = round * 20; number < round * 20 + 8; number++) {
                    if (number % 4 != 1) {
                        delete(store, number);
                    }
                }
                store.tidy();
            }
        }
    }

    @Test
    void reclaimedSpaceLosesNothingInACutAtEveryOperation() {
        long points = CrashPoints.atEveryOperation(SEED, 1, Reclaimed::new);
        assertThat(points).isGreaterThan(200);
    }

    /** The same with an index that is flushed at other moments, and orderly ends between. */
    private static final class Restarted extends Life {
        @Override
        void live(OpenStore first) throws Exception {
            throw new AssertionError("runs by itself");
        }

        @Override
        public void run(CrashableFileSystem files) throws Exception {
            for (long round = 0; round < 4; round++) {
                OpenStore store = OpenStore.on(files, TINY);
                try {
                    for (long number = round * 10; number < round * 10 + 4; number++) {
                        put(store, number);
                    }
                    if (round > 0) {
                        delete(store, round * 10 - 9);
                    }
                    if (round % 2 == 0) {
                        store.disk.reclaim().eraseDead();
                    }
                } finally {
                    closeWhatIsLeft(store);
                }
                requirePower(files);
            }
        }

        private static void requirePower(FileSystem files) throws IOException {
            files.exists("");
        }
    }

    @Test
    void restartsLoseNothingInACutAtEveryOperation() {
        CrashPoints.atEveryOperation(SEED, 1, Restarted::new);
    }

    /** A repair takes the place of a chunk that is there. */
    private static final class Repaired extends Life {
        @Override
        void live(OpenStore store) throws Exception {
            for (long number = 0; number < 4; number++) {
                put(store, number);
            }
            for (long number = 0; number < 4; number++) {
                byte[] bytes = OpenStore.bytes(number, length(number));
                ChunkAddress address = store.address(number);
                try (ChunkWriter writer = store.store.replace(OpenStore.descriptor(address, bytes.length))) {
                    OpenStore.writeAll(writer, bytes, new Random(number));
                    OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
                }
            }
            delete(store, 2);
            store.disk.reclaim().eraseDead();
        }
    }

    @Test
    void repairsLoseNothingInACutAtEveryOperation() {
        CrashPoints.atEveryOperation(SEED, 2, Repaired::new);
    }
}
