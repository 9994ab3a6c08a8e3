package io.coffer.dataserver.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.dataserver.format.ChunkEntry;
import io.coffer.dataserver.format.ChunkKey;
import io.coffer.dataserver.format.DeadRecord;
import io.coffer.dataserver.format.IndexCounters;
import io.coffer.dataserver.format.RecordPlace;
import io.coffer.dataserver.format.SegmentEntry;
import io.coffer.dataserver.format.SegmentHeader;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the index promises, whatever is under it. */
final class ChunkIndexTest {
    private static final IndexCounters COUNTERS = new IndexCounters(false, 10, 20, 30, 9);

    private static ChunkKey key(long number) {
        return new ChunkKey(new ExtentId(number, number), new VolumeId(5), 0);
    }

    private static ChunkEntry entry(long number) {
        return new ChunkEntry(
                ChunkEntry.State.LIVE,
                new ProtectionScheme.Replicated(1),
                new RecordPlace(1, 2, number * 4096),
                number,
                3,
                100,
                100,
                272,
                new int[] {(int) number});
    }

    private static List<Long> numbers(ChunkIndex index, ExtentId after) throws IndexException {
        List<Long> numbers = new ArrayList<>();
        index.chunks(after, (key, entry) -> numbers.add(key.extent().high()));
        return numbers;
    }

    private static SegmentEntry segment(long id) {
        return new SegmentEntry(id, SegmentHeader.Kind.DATA, 2, 5, 0, 1 << 20, true, 8192, 1, 2, 3, 4);
    }

    private static IndexBatch everything() {
        IndexBatch batch = new IndexBatch();
        for (long number : new long[] {3, 1, 2}) {
            batch.put(key(number), entry(number)).put(segment(number));
            batch.put(new DeadRecord(number, new RecordPlace(9, 9, number), 4096));
        }
        return batch.put(new VolumeId(5), 77).put(COUNTERS);
    }

    abstract static class Contract {
        private final IndexMemory memory = new IndexMemory(4 << 20);
        private FileSystem files;
        private ChunkIndex index;

        abstract FileSystem files();

        @BeforeEach
        void open() throws Exception {
            files = files();
            index = ChunkIndex.open(files, memory);
        }

        @AfterEach
        void close() {
            index.close();
            memory.close();
        }

        @Test
        void aNewOneIsEmpty() throws Exception {
            assertThat(index.counters()).isEmpty();
            assertThat(index.get(key(1))).isNull();
            assertThat(index.segments()).isEmpty();
            assertThat(numbers(index, null)).isEmpty();
        }

        @Test
        void whatWasFlushedIsThereAfterwards() throws Exception {
            index.apply(everything());
            for (int round = 0; round < 2; round++) {
                assertThat(numbers(index, null)).containsExactly(1L, 2L, 3L);
                assertThat(numbers(index, new ExtentId(1, 1))).containsExactly(2L, 3L);
                assertThat(index.get(key(2))).usingRecursiveComparison().isEqualTo(entry(2));
                assertThat(index.segments()).containsExactly(segment(1), segment(2), segment(3));
                List<Long> dead = new ArrayList<>();
                index.dead(2, record -> dead.add(record.number()));
                assertThat(dead).containsExactly(2L, 3L);
                assertThat(index.epochs()).isEqualTo(Map.of(new VolumeId(5), 77L));
                assertThat(index.counters()).contains(COUNTERS);
                index.flush();
                index.close();
                index = ChunkIndex.open(files, memory);
            }
        }

        @Test
        void whatIsDeletedIsGone() throws Exception {
            index.apply(everything());
            index.flush();
            index.apply(new IndexBatch().delete(key(2)).deleteSegment(1).deleteDead(2));
            assertThat(index.get(key(2))).isNull();
            assertThat(numbers(index, null)).containsExactly(1L, 3L);
            assertThat(index.segments()).containsExactly(segment(2), segment(3));
        }

        @Test
        void aReadOnlyOneTakesChangesInMemory() throws Exception {
            index.apply(everything());
            index.flush();
            index.close();
            index = ChunkIndex.openReadOnly(files, memory);
            index.apply(new IndexBatch()
                    .delete(key(2))
                    .put(key(4), entry(4))
                    .put(key(0), entry(0))
                    .put(key(3), entry(9)));
            assertThat(numbers(index, null)).containsExactly(0L, 1L, 3L, 4L);
            assertThat(index.get(key(2))).isNull();
            assertThat(index.get(key(3))).usingRecursiveComparison().isEqualTo(entry(9));
            index.flush();
            index.close();
            index = ChunkIndex.open(files, memory);
            assertThat(numbers(index, null)).containsExactly(1L, 2L, 3L);
        }

        @Test
        void damageIsReportedAsSuch() throws Exception {
            index.apply(everything());
            index.flush();
            index.close();
            for (String name : files.list(ChunkIndex.DIRECTORY)) {
                if (!name.equals("LOCK")) {
                    try (StorageFile file = files.open(ChunkIndex.DIRECTORY + "/" + name, OpenMode.READ_WRITE)) {
                        for (long at = 0; at < file.size(); at += 16) {
                            file.write(ByteBuffer.wrap(new byte[] {42, 43, 44}), at);
                        }
                    }
                }
            }
            assertThatThrownBy(() -> ChunkIndex.open(files, memory))
                    .isInstanceOfSatisfying(
                            IndexException.class, e -> assertThat(e.reason()).isEqualTo(IndexException.Reason.DAMAGED));
        }

        @Test
        void aClosedOneRefuses() {
            index.close();
            index.close();
        }
    }

    @Nested
    final class InRocks extends Contract {
        @TempDir
        private Path directory;

        @Override
        FileSystem files() {
            return RealFileSystem.at(directory);
        }

        @Test
        void aCallAfterTheCloseIsAnErrorNotACrash() throws Exception {
            IndexMemory memory = new IndexMemory(4 << 20);
            RealFileSystem other = RealFileSystem.at(directory.resolve("other"));
            ChunkIndex closed = ChunkIndex.open(other, memory);
            closed.close();
            assertThatThrownBy(() -> closed.get(key(1))).isInstanceOf(IndexException.class);
            assertThatThrownBy(() -> closed.apply(everything())).isInstanceOf(IndexException.class);
            assertThatThrownBy(closed::flush).isInstanceOf(IndexException.class);
            memory.close();
        }
    }

    @Nested
    final class InASnapshot extends Contract {
        @Override
        FileSystem files() {
            return new CrashableFileSystem();
        }
    }
}
