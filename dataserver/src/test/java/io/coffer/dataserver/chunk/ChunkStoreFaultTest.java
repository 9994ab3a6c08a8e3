package io.coffer.dataserver.chunk;

import static io.coffer.dataserver.chunk.ChunkStoreContract.refuses;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.Disk;
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.StorageFile;
import io.coffer.common.io.fault.Attempt.Operation;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.io.fault.Fault;
import io.coffer.common.io.fault.FaultRule;
import io.coffer.common.io.fault.FaultyFileSystem;
import io.coffer.dataserver.disk.DiskOptions;
import io.coffer.dataserver.format.SegmentHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Disks that fail, fill up, rot or are mounted read-only: a clear error or the right bytes, never anything else. */
final class ChunkStoreFaultTest {
    private static final String SEGMENTS = "segments/";
    private static final int LONG = 3 * OpenStore.LONG_WRITE_BYTES + 1000;

    private final CrashableFileSystem sound = new CrashableFileSystem();
    private final FaultyFileSystem files = new FaultyFileSystem(sound);
    private OpenStore store;

    @BeforeEach
    void open() throws Exception {
        store = OpenStore.on(files);
    }

    @AfterEach
    void close() throws Exception {
        files.clear();
        store.close();
    }

    private void reopen() throws Exception {
        close();
        store = OpenStore.on(files);
    }

    private FaultRule failing(Operation operation, Fault fault) {
        return files.inject(attempt -> attempt.is(operation) && attempt.path().startsWith(SEGMENTS), fault);
    }

    /** Writes of records, and not of a segment's header. */
    private FaultRule failingRecords(Fault fault) {
        return files.inject(
                attempt -> attempt.is(Operation.WRITE)
                        && attempt.path().startsWith(SEGMENTS)
                        && attempt.position() >= SegmentHeader.RECORDS_START,
                fault);
    }

    private Disk.State state() {
        return store.store.disks().getFirst().state();
    }

    @Test
    void afterAFailedSyncNothingIsWrittenAndOldDataIsRead() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        FaultRule rule = failing(Operation.SYNC, new Fault.InputOutputError()).times(1);
        refuses(ChunkError.DISK_FAILED, () -> store.put(store.address(2), OpenStore.bytes(2, 50_000)));
        assertThat(rule.fired()).isEqualTo(1);
        assertThat(state()).isEqualTo(Disk.State.FAILED);
        assertThat(store.store.disks().getFirst().reason()).isNotEmpty();
        refuses(ChunkError.DISK_FAILED, () -> store.put(store.address(3), OpenStore.bytes(3, 10)));
        refuses(ChunkError.DISK_FAILED, () -> store.store.delete(store.address(1)));
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), 50_000));
        assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
        files.clear();
        sound.crashLosingAllUnsynced();
        store = OpenStore.on(files);
        assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), 50_000));
    }

    @Test
    void aFailedWriteGivesTheDiskUp() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        failing(Operation.WRITE, new Fault.InputOutputError()).times(1);
        refuses(ChunkError.DISK_FAILED, () -> store.put(store.address(2), OpenStore.bytes(2, 500_000)));
        assertThat(state()).isEqualTo(Disk.State.FAILED);
        assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
    }

    @Test
    void aFailedLongWriteFailsTheCommitAndGivesTheDiskUp() throws Exception {
        for (int piece = 0; piece < 4; piece++) {
            int number = piece;
            store.put(store.address(1), OpenStore.bytes(1, 50_000));
            failingRecords(new Fault.InputOutputError()).after(number).times(1);
            refuses(ChunkError.DISK_FAILED, () -> store.put(store.address(2), OpenStore.bytes(2, LONG)));
            assertThat(state()).isEqualTo(Disk.State.FAILED);
            assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
            refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), LONG));
            reopen();
            store.store.delete(store.address(1));
        }
    }

    @Test
    void aWriterThatGivesUpWaitsForItsLongWrite() throws Exception {
        store.put(store.address(9), OpenStore.bytes(9, 10)); // writes a mark of the epoch, too
        CountDownLatch goOn = new CountDownLatch(1);
        FaultRule rule = failingRecords(new Fault.Before(() -> await(goOn))).times(1);
        ChunkWriter writer = store.store.create(OpenStore.descriptor(store.address(1), LONG));
        writer.write(ByteBuffer.wrap(OpenStore.bytes(1, OpenStore.LONG_WRITE_BYTES)));
        Thread givingUp = Thread.ofPlatform().start(writer::close);
        Awaitility.await()
                .until(() ->
                        givingUp.getState() == Thread.State.WAITING || givingUp.getState() == Thread.State.TERMINATED);
        store.put(store.address(2), OpenStore.bytes(2, LONG));
        goOn.countDown();
        givingUp.join();
        assertThat(rule.fired()).isEqualTo(1);
        assertThat(store.get(store.address(2), LONG)).isEqualTo(OpenStore.bytes(2, LONG));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aReadErrorIsReportedForRepairAndManyGiveTheDiskUp() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        FaultRule rule = failing(Operation.READ, new Fault.InputOutputError());
        refuses(ChunkError.DISK_FAILED, () -> store.get(store.address(1), 50_000));
        assertThat(store.damaged).containsExactly(store.address(1));
        assertThat(state()).isEqualTo(Disk.State.HEALTHY);
        for (int i = 0; i < 20; i++) {
            refuses(ChunkError.DISK_FAILED, () -> store.get(store.address(1), 50_000));
        }
        rule.stop();
        assertThat(state()).isEqualTo(Disk.State.FAILED);
        refuses(ChunkError.DISK_FAILED, () -> store.get(store.address(1), 50_000));
    }

    @Test
    void aSpuriousReadErrorPasses() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        for (int i = 0; i < 100; i++) {
            failing(Operation.READ, new Fault.InputOutputError()).times(1);
            refuses(ChunkError.DISK_FAILED, () -> store.get(store.address(1), 50_000));
            assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
        }
        assertThat(state()).isEqualTo(Disk.State.HEALTHY);
    }

    @Test
    void aDiskThatBecomesReadOnlyIsServedReadOnly() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        files.inject(attempt -> attempt.operation().changing(), new Fault.ReadOnly());
        refuses(ChunkError.READ_ONLY, () -> store.put(store.address(2), OpenStore.bytes(2, 50_000)));
        assertThat(state()).isEqualTo(Disk.State.READ_ONLY);
        refuses(ChunkError.READ_ONLY, () -> store.store.delete(store.address(1)));
        assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
    }

    @Test
    void aReadOnlyDiskIsOpenedEvenWithALostOrOldIndex() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        store.put(store.address(2), OpenStore.bytes(2, 50_000));
        store.store.delete(store.address(2));
        for (String damage : List.of("none", "killed", "deleted")) {
            if (damage.equals("killed")) {
                store.put(store.address(3), OpenStore.bytes(3, 100_000));
                sound.kill();
            } else {
                store.close();
            }
            if (damage.equals("deleted")) {
                sound.deleteRecursively("index");
            }
            files.inject(attempt -> attempt.operation().changing(), new Fault.ReadOnly());
            store = OpenStore.on(files);
            assertThat(state()).as(damage).isEqualTo(Disk.State.READ_ONLY);
            assertThat(store.get(store.address(1), 50_000)).isEqualTo(OpenStore.bytes(1, 50_000));
            refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), 50_000));
            if (!damage.equals("none")) {
                assertThat(store.get(store.address(3), 100_000)).isEqualTo(OpenStore.bytes(3, 100_000));
            }
            refuses(ChunkError.READ_ONLY, () -> store.put(store.address(9), OpenStore.bytes(2, 50_000)));
            reopen();
            assertThat(state()).isEqualTo(Disk.State.HEALTHY);
        }
    }

    @Test
    void aFullDiskRefusesWritesAndTakesDeletesAndRecovers() throws Exception {
        store.close();
        CrashableFileSystem small = new CrashableFileSystem(4096, 24L << 20);
        DiskOptions options = new DiskOptions(1L << 20, 64 << 10, -1, 1 << 30, 64 << 10);
        store = OpenStore.on(small, options);
        List<Long> written = new ArrayList<>();
        ChunkError refusal = null;
        for (long number = 0; refusal == null; number++) {
            try {
                store.put(store.address(number), OpenStore.bytes(number, 200_000));
                written.add(number);
            } catch (ChunkException e) {
                refusal = e.error();
            }
        }
        assertThat(refusal).isEqualTo(ChunkError.DISK_FULL);
        assertThat(written).hasSizeGreaterThan(50);
        assertThat(small.space().usableBytes()).isGreaterThanOrEqualTo(2L << 20);
        assertThat(state()).isEqualTo(Disk.State.READ_ONLY);
        refuses(ChunkError.DISK_FULL, () -> store.put(store.address(9999), OpenStore.bytes(1, 10)));
        for (long number : written) {
            assertThat(store.get(store.address(number), 200_000)).isEqualTo(OpenStore.bytes(number, 200_000));
        }
        for (long number : written.subList(0, 40)) {
            assertThat(store.store.delete(store.address(number))).isTrue();
        }
        store.tidy();
        assertThat(state()).isEqualTo(Disk.State.HEALTHY);
        for (long number = 5000; number < 5030; number++) {
            store.put(store.address(number), OpenStore.bytes(number, 200_000));
        }
        for (long number : written.subList(40, written.size())) {
            assertThat(store.get(store.address(number), 200_000)).isEqualTo(OpenStore.bytes(number, 200_000));
        }
    }

    @Test
    void deletesWorkWhenSomebodyElseFilledTheDisk() throws Exception {
        store.close();
        CrashableFileSystem small = new CrashableFileSystem(4096, 24L << 20);
        store = OpenStore.on(small, new DiskOptions(1L << 20, 64 << 10, -1, 1 << 30, 64 << 10));
        for (long number = 0; number < 10; number++) {
            store.put(store.address(number), OpenStore.bytes(number, 200_000));
        }
        try (StorageFile hog = small.open("lost+found-hog", OpenMode.CREATE)) {
            hog.allocate(0, small.space().usableBytes() - 8192);
        }
        store.disk.reclaim().checkSpace();
        refuses(ChunkError.DISK_FULL, () -> store.put(store.address(100), OpenStore.bytes(1, 10)));
        for (long number = 0; number < 10; number++) {
            assertThat(store.store.delete(store.address(number))).isTrue();
        }
        small.delete("lost+found-hog");
        store.tidy();
        store.put(store.address(100), OpenStore.bytes(100, 200_000));
    }

    @Test
    void runningOutOfSpaceInTheMiddleLeavesNothing() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 50_000));
        FaultRule rule = failing(Operation.WRITE, new Fault.NoSpace()).times(1);
        refuses(ChunkError.DISK_FULL, () -> store.put(store.address(2), OpenStore.bytes(2, 300_000)));
        rule.stop();
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), 300_000));
        store.disk.reclaim().checkSpace();
        store.put(store.address(2), OpenStore.bytes(2, 300_000));
        assertThat(store.get(store.address(2), 300_000)).isEqualTo(OpenStore.bytes(2, 300_000));
    }

    @Test
    void noFlippedBitGetsThrough() throws Exception {
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < 12; i++) {
            store.put(store.address(i), OpenStore.bytes(i, 10_000 + i * 30_000));
        }
        FaultRule rule = failing(Operation.READ, new Fault.BitFlip(random));
        int refused = 0;
        for (int round = 0; round < 20; round++) {
            for (int i = 0; i < 12; i++) {
                try {
                    assertThat(store.get(store.address(i), 10_000 + i * 30_000))
                            .isEqualTo(OpenStore.bytes(i, 10_000 + i * 30_000));
                } catch (ChunkException e) {
                    assertThat(e.error()).isEqualTo(ChunkError.CORRUPT);
                    refused++;
                }
            }
        }
        assertThat(rule.fired()).isPositive();
        assertThat(refused).isPositive();
        assertThat(store.damaged).isNotEmpty();
    }

    @Test
    void bytesThatRotOnTheDiskAreFoundReportedAndReplaced() throws Exception {
        SplittableRandom random = new SplittableRandom(8);
        int[] lengths = {10_000, 65_536, 200_000, 400_000};
        for (int i = 0; i < 40; i++) {
            store.put(store.address(i), OpenStore.bytes(i, lengths[i % 4]));
        }
        for (int flip = 0; flip < 150; flip++) {
            reopen();
            flipBit(random);
            int damaged = 0;
            for (int i = 0; i < 40; i++) {
                int length = lengths[i % 4];
                try {
                    assertThat(store.get(store.address(i), length)).isEqualTo(OpenStore.bytes(i, length));
                } catch (ChunkException e) {
                    assertThat(e.error()).isEqualTo(ChunkError.CORRUPT);
                    assertThat(store.damaged).contains(store.address(i));
                    damaged++;
                    replace(i, length);
                    assertThat(store.get(store.address(i), length)).isEqualTo(OpenStore.bytes(i, length));
                }
            }
            assertThat(damaged).isLessThanOrEqualTo(1);
            if (flip % 30 == 29) {
                store.tidy();
            }
        }
    }

    private void replace(long number, int length) throws ChunkException {
        byte[] bytes = OpenStore.bytes(number, length);
        try (ChunkWriter writer = store.store.replace(OpenStore.descriptor(store.address(number), length))) {
            writer.write(ByteBuffer.wrap(bytes));
            OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
        }
    }

    private void flipBit(SplittableRandom random) throws Exception {
        List<String> segments = sound.list("segments");
        String path = SEGMENTS + segments.get(random.nextInt(segments.size()));
        try (StorageFile file = sound.open(path, OpenMode.READ_WRITE)) {
            long at = random.nextLong(file.size());
            ByteBuffer one = ByteBuffer.allocate(1);
            file.readFully(one, at);
            one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
            file.write(one.clear(), at);
            file.sync();
        }
    }

    @Test
    void aTruncatedSegmentIsCorruptNotWrong() throws Exception {
        for (int i = 0; i < 5; i++) {
            store.put(store.address(i), OpenStore.bytes(i, 150_000));
        }
        String path = segmentWithData();
        store.close();
        try (StorageFile file = sound.open(path, OpenMode.READ_WRITE)) {
            file.truncate(400_000);
            file.sync();
        }
        store = OpenStore.on(files);
        int corrupt = 0;
        for (int i = 0; i < 5; i++) {
            try {
                assertThat(store.get(store.address(i), 150_000)).isEqualTo(OpenStore.bytes(i, 150_000));
            } catch (ChunkException e) {
                assertThat(e.error()).isEqualTo(ChunkError.CORRUPT);
                corrupt++;
            }
        }
        assertThat(corrupt).isBetween(2, 3);
    }

    private String segmentWithData() throws Exception {
        for (String name : sound.list("segments")) {
            try (StorageFile file = sound.open(SEGMENTS + name, OpenMode.READ)) {
                ByteBuffer magic = ByteBuffer.allocate(8);
                file.readFully(magic, 8192);
                if (file.size() > 500_000 && magic.getLong(0) == 0x434f465252454344L) {
                    return SEGMENTS + name;
                }
            }
        }
        throw new AssertionError("no segment has data");
    }

    @Test
    void swappedRecordsAreCorruptNotWrong() throws Exception {
        for (int i = 0; i < 4; i++) {
            store.put(store.address(i), OpenStore.bytes(i, 50_000));
        }
        String path = segmentWithData();
        store.close();
        long recordBytes = 53_248;
        try (StorageFile file = sound.open(path, OpenMode.READ_WRITE)) {
            ByteBuffer first = ByteBuffer.allocate((int) recordBytes);
            ByteBuffer second = ByteBuffer.allocate((int) recordBytes);
            file.readFully(first, 8192);
            file.readFully(second, 8192 + recordBytes);
            file.write(second.flip(), 8192);
            file.write(first.flip(), 8192 + recordBytes);
            file.sync();
        }
        store = OpenStore.on(files);
        refuses(ChunkError.CORRUPT, () -> store.get(store.address(0), 50_000));
        refuses(ChunkError.CORRUPT, () -> store.get(store.address(1), 50_000));
        assertThat(store.get(store.address(2), 50_000)).isEqualTo(OpenStore.bytes(2, 50_000));
        store.close();
        sound.deleteRecursively("index");
        store = OpenStore.on(files);
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(0), 50_000));
        assertThat(store.get(store.address(2), 50_000)).isEqualTo(OpenStore.bytes(2, 50_000));
    }

    @Test
    void aMissingSegmentIsCorruptUntilItsChunksAreReplaced() throws Exception {
        for (int i = 0; i < 5; i++) {
            store.put(store.address(i), OpenStore.bytes(i, 150_000));
        }
        String path = segmentWithData();
        store.close();
        sound.delete(path);
        store = OpenStore.on(files);
        for (int i = 0; i < 5; i++) {
            int number = i;
            refuses(ChunkError.CORRUPT, () -> store.get(store.address(number), 150_000));
            replace(i, 150_000);
            assertThat(store.get(store.address(i), 150_000)).isEqualTo(OpenStore.bytes(i, 150_000));
        }
        assertThat(store.damaged).hasSizeGreaterThanOrEqualTo(5);
        store.tidy();
        reopen();
        for (int i = 0; i < 5; i++) {
            assertThat(store.get(store.address(i), 150_000)).isEqualTo(OpenStore.bytes(i, 150_000));
        }
    }

    @Test
    void aChunkStoredInsideAChunkIsNotFoundByARebuild() throws Exception {
        byte[] victim = OpenStore.bytes(1, 50_000);
        store.put(store.address(1), victim);
        String path = segmentWithData();
        byte[] segment = new byte[400_000];
        try (StorageFile file = sound.open(path, OpenMode.READ)) {
            file.readFully(ByteBuffer.wrap(segment), 0);
        }
        store.put(store.address(2), segment); // a client that somehow read the disk stores what it saw
        assertThat(store.store.delete(store.address(1))).isTrue();
        store.tidy();
        store.close();
        sound.deleteRecursively("index");
        store = OpenStore.on(files);
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), 50_000));
        assertThat(store.get(store.address(2), segment.length)).isEqualTo(segment);
        assertThat(store.store.list(store.id(), null, Long.MAX_VALUE, 10)).hasSize(1);
    }

    @Test
    void theScrubberFindsWhatRots() throws Exception {
        for (int i = 0; i < 8; i++) {
            store.put(store.address(i), OpenStore.bytes(i, 100_000));
        }
        store.store.list(store.id(), null, Long.MAX_VALUE, 1);
        scrubRound();
        assertThat(store.damaged).isEmpty();
        assertThat(store.disk.counters().scrubbedBytes()).isGreaterThanOrEqualTo(800_000);
        String path = segmentWithData();
        long record = 106_496;
        try (StorageFile file = sound.open(path, OpenMode.READ_WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 8192 + record + 70_000); // data of the second
            file.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4}), 8192 + 3 * record + 50); // header of the fourth
        }
        scrubRound();
        assertThat(store.damaged).containsExactlyInAnyOrder(store.address(1), store.address(3));
    }

    private void scrubRound() throws ChunkException {
        while (store.disk.scrub().step(64 << 10) >= 0) {
            // On to the end of the round.
        }
    }
}
