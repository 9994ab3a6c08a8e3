package io.coffer.dataserver.chunk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkPage;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.Deletion;
import io.coffer.common.cluster.Disk;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.BufferPool;
import io.coffer.common.io.FileSystem;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a chunk store promises, on any file system, called directly or over the network. */
public abstract class ChunkStoreContract {
    private static final int BLOCK = 64 << 10;

    private FileSystem files;
    private OpenStore store;
    private ChunkStore chunks;

    protected abstract FileSystem files() throws Exception;

    /** How the store is called. */
    protected ChunkStore connect(OpenStore opened) throws Exception {
        return opened.store;
    }

    /** Ends what {@link #connect} began, while the store is open. */
    protected void disconnect() throws Exception {}

    @BeforeEach
    void open() throws Exception {
        files = files();
        reallyOpen();
    }

    private void reallyOpen() throws Exception {
        store = OpenStore.on(files);
        chunks = connect(store);
        store.called = chunks;
    }

    @AfterEach
    void close() throws Exception {
        disconnect();
        store.close();
    }

    private void reopen() throws Exception {
        close();
        reallyOpen();
    }

    /** A writer whose store has heard of it, also over the network. */
    private ChunkWriter opened(ChunkDescriptor descriptor) throws ChunkException {
        ChunkWriter writer = chunks.create(descriptor);
        OpenStore.await(writer.opened());
        return writer;
    }

    /** Over the network, an abandoned writer ends a little later. Writers must be {@link #opened} to be waited for. */
    private void awaitNoWriters() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> store.disk.counters().openWriters() == 0);
    }

    private void refusesToCreate(ChunkError error, ChunkDescriptor descriptor) {
        refuses(error, () -> {
            try (ChunkWriter writer = chunks.create(descriptor)) {
                OpenStore.await(writer.opened());
            }
        });
    }

    static void refuses(ChunkError error, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ChunkException.class, e -> assertThat(e.error()).isEqualTo(error));
    }

    @Test
    void whatWasCommittedIsReadBack() throws Exception {
        int[] lengths = {0, 1, 100, 4096, 16 << 10, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 4 * BLOCK + 5, 777_777};
        for (int i = 0; i < lengths.length; i++) {
            store.put(store.address(i), OpenStore.bytes(i, lengths[i]));
        }
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < lengths.length; i++) {
                assertThat(store.get(store.address(i), lengths[i]))
                        .as("%d bytes", lengths[i])
                        .isEqualTo(OpenStore.bytes(i, lengths[i]));
            }
            reopen();
        }
    }

    @Test
    void longChunksAreWrittenWithWhateverMemoryThereIs() throws Exception {
        int piece = OpenStore.LONG_WRITE_BYTES;
        store.close();
        for (int buffers = 1; buffers <= 3; buffers++) {
            ChunkMemory memory = new ChunkMemory(
                    BufferPool.tracing(80 << 10, 8),
                    BufferPool.tracing(80 << 10, 8),
                    BufferPool.tracing(piece, buffers));
            try (OpenStore small = OpenStore.on(files, OpenStore.SMALL, memory)) {
                List<ChunkWriter> writers = new ArrayList<>();
                List<byte[]> chunks = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                    chunks.add(OpenStore.bytes(i, 4 * piece + i * 1000));
                    ChunkAddress address = small.address(10 * buffers + i);
                    writers.add(small.store.create(OpenStore.descriptor(address, chunks.get(i).length)));
                }
                for (int i = 0; i < 3; i++) {
                    OpenStore.writeAll(writers.get(i), chunks.get(i), new Random(i));
                }
                for (int i = 0; i < 3; i++) {
                    OpenStore.await(writers.get(i).commit(OpenStore.checksums(chunks.get(i))));
                    writers.get(i).close();
                    ChunkAddress address = small.address(10 * buffers + i);
                    assertThat(small.get(address, chunks.get(i).length)).isEqualTo(chunks.get(i));
                }
                memory.writing().requireNoneInUse();
                memory.staging().requireNoneInUse();
            }
        }
        store = OpenStore.on(files);
    }

    @Test
    void aChunkLongerThanASegmentGetsOneOfItsOwn() throws Exception {
        byte[] bytes = OpenStore.bytes(1, (int) ChunkDescriptor.MAX_LENGTH);
        store.put(store.address(1), bytes);
        store.put(store.address(2), OpenStore.bytes(2, 100));
        assertThat(store.get(store.address(1), bytes.length)).isEqualTo(bytes);
        reopen();
        assertThat(store.get(store.address(1), bytes.length)).isEqualTo(bytes);
        assertThat(store.get(store.address(2), 100)).isEqualTo(OpenStore.bytes(2, 100));
    }

    @Test
    void anyRangeIsRead() throws Exception {
        byte[] bytes = OpenStore.bytes(5, 5 * BLOCK + 1234);
        store.put(store.address(1), bytes);
        Random random = new Random(9);
        for (int i = 0; i < 300; i++) {
            int offset = random.nextInt(bytes.length);
            int length = random.nextInt(bytes.length - offset + 1);
            if (i % 3 == 0) {
                offset = offset / BLOCK * BLOCK;
            }
            ByteBuffer target = i % 2 == 0 ? ByteBuffer.allocate(length + 7) : ByteBuffer.allocateDirect(length + 7);
            target.position(7);
            chunks.read(store.address(1), offset, target);
            assertThat(target.hasRemaining()).isFalse();
            byte[] read = new byte[length];
            target.get(7, read);
            assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(bytes, offset, offset + length));
        }
    }

    @Test
    void aRangeOutsideIsABugOfTheCaller() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 100));
        assertThatThrownBy(() -> store.get(store.address(1), 50, 51)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.get(store.address(1), -1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsReadableBeforeTheCommit() throws Exception {
        try (ChunkWriter writer = opened(OpenStore.descriptor(store.address(1), 100))) {
            writer.write(ByteBuffer.wrap(OpenStore.bytes(1, 100)));
            refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), 100));
        }
        awaitNoWriters();
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), 100));
        reopen();
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), 100));
        store.put(store.address(1), OpenStore.bytes(1, 100));
    }

    @Test
    void anAbandonedWriterGivesItsRoomBack() throws Exception {
        for (int i = 0; i < 50; i++) { // fifty segments' worth
            try (ChunkWriter writer = opened(OpenStore.descriptor(store.address(i), 1000_000))) {
                writer.write(ByteBuffer.wrap(OpenStore.bytes(i, 900_000)));
            }
            awaitNoWriters();
        }
        assertThat(files.list("segments")).hasSizeLessThan(5);
    }

    @Test
    void whatIsBehindAnAbandonedWriterOutlivesAnOrderlyRestart() throws Exception {
        int length = 2 * BLOCK;
        ChunkWriter before = opened(OpenStore.descriptor(store.address(1), length));
        store.put(store.address(2), OpenStore.bytes(2, length));
        // The index knew of the second chunk while the first one might still have come.
        assertThat(chunks.list(store.id(), null, Long.MAX_VALUE, 10)).hasSize(1);
        before.close();
        awaitNoWriters();
        reopen();
        store.put(store.address(3), OpenStore.bytes(3, length));
        store.put(store.address(4), OpenStore.bytes(4, length));
        assertThat(store.get(store.address(2), length)).isEqualTo(OpenStore.bytes(2, length));
    }

    @Test
    void aChunkIsWrittenOnce() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 100));
        refusesToCreate(ChunkError.EXISTS, OpenStore.descriptor(store.address(1), 100));
        reopen();
        refusesToCreate(ChunkError.EXISTS, OpenStore.descriptor(store.address(1), 100));
        try (ChunkWriter writer = opened(OpenStore.descriptor(store.address(2), 100))) {
            refusesToCreate(ChunkError.EXISTS, OpenStore.descriptor(store.address(2), 100));
        }
    }

    @Test
    void bytesThatAreNotWhatTheSenderSentAreRefused() throws Exception {
        byte[] sent = OpenStore.bytes(1, 100_000);
        byte[] arrived = sent.clone();
        arrived[70_000] ^= 1;
        ChunkWriter writer = chunks.create(OpenStore.descriptor(store.address(1), sent.length));
        writer.write(ByteBuffer.wrap(arrived));
        refuses(ChunkError.CHECKSUM_MISMATCH, () -> OpenStore.await(writer.commit(OpenStore.checksums(sent))));
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), sent.length));
    }

    @Test
    void aChunkHasTheLengthThatWasAnnounced() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 100);
        ChunkWriter tooFew = opened(OpenStore.descriptor(store.address(1), 101));
        tooFew.write(ByteBuffer.wrap(bytes));
        refuses(ChunkError.CHECKSUM_MISMATCH, () -> OpenStore.await(tooFew.commit(OpenStore.checksums(bytes))));
        awaitNoWriters();
        ChunkWriter tooMany = opened(OpenStore.descriptor(store.address(1), 99));
        refuses(ChunkError.CHECKSUM_MISMATCH, () -> tooMany.write(ByteBuffer.wrap(bytes)));
        awaitNoWriters();
        store.put(store.address(1), bytes);
    }

    @Test
    void aDeletedChunkIsGoneForGood() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 200_000));
        store.put(store.address(2), OpenStore.bytes(2, 200_000));
        assertThat(chunks.delete(store.address(1))).isTrue();
        assertThat(chunks.delete(store.address(1))).isFalse();
        assertThat(chunks.delete(store.address(99))).isFalse();
        for (int round = 0; round < 3; round++) {
            refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(1), 200_000));
            assertThat(store.get(store.address(2), 200_000)).isEqualTo(OpenStore.bytes(2, 200_000));
            if (round == 1) {
                store.tidy();
            }
            reopen();
        }
    }

    @Test
    void anOldEpochIsRefusedForEver() throws Exception {
        VolumeId volume = new VolumeId(12);
        store.put(store.address(1, volume, 5), OpenStore.bytes(1, 10));
        refuses(ChunkError.STALE_EPOCH, () -> store.get(store.address(1, volume, 4), 10));
        assertThat(store.get(store.address(1, volume, 6), 10)).isEqualTo(OpenStore.bytes(1, 10));
        refuses(ChunkError.STALE_EPOCH, () -> chunks.delete(store.address(1, volume, 5)));
        refusesToCreate(ChunkError.STALE_EPOCH, OpenStore.descriptor(store.address(2, volume, 5), 10));
        reopen();
        refuses(ChunkError.STALE_EPOCH, () -> store.get(store.address(1, volume, 5), 10));
        assertThat(store.get(store.address(1, volume, 6), 10)).isEqualTo(OpenStore.bytes(1, 10));
    }

    @Test
    void anotherDiskIsNotHere() {
        ChunkAddress other = new ChunkAddress(
                new io.coffer.common.id.DiskId(java.util.UUID.randomUUID()),
                OpenStore.VOLUME,
                9,
                OpenStore.extent(1),
                0);
        refuses(ChunkError.DISK_FAILED, () -> store.get(other, 1));
    }

    @Test
    void theListIsInOrderOfBirthAndPaged() throws Exception {
        ProtectionScheme scheme = new ProtectionScheme.ErasureCoded(4, 2);
        List<ChunkDescriptor> expected = new ArrayList<>();
        for (long number : new long[] {5, 3, 9, 1, 7}) {
            for (int index = 0; index < 2; index++) {
                ChunkAddress address = new ChunkAddress(
                        store.id(), OpenStore.VOLUME, OpenStore.EPOCH, OpenStore.extent(number), index);
                ChunkDescriptor descriptor = new ChunkDescriptor(address, scheme, 250, 1000);
                try (ChunkWriter writer = chunks.create(descriptor)) {
                    byte[] bytes = OpenStore.bytes(number, 250);
                    writer.write(ByteBuffer.wrap(bytes));
                    OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
                }
                expected.add(descriptor);
            }
        }
        expected.sort(java.util.Comparator.comparing(
                        (ChunkDescriptor chunk) -> chunk.address().extent())
                .thenComparing(chunk -> chunk.address().index()));
        assertThat(chunks.list(store.id(), null, Long.MAX_VALUE, 100)).isEqualTo(expected);
        assertThat(chunks.list(store.id(), OpenStore.extent(3), Long.MAX_VALUE, 100))
                .isEqualTo(expected.subList(4, 10));
        assertThat(chunks.list(store.id(), null, OpenStore.extent(5).birthMillis(), 100))
                .isEqualTo(expected.subList(0, 4));
        assertThat(chunks.list(store.id(), null, Long.MAX_VALUE, 5)).isEqualTo(expected.subList(0, 4));
        assertThat(chunks.list(store.id(), OpenStore.extent(3), Long.MAX_VALUE, 1))
                .isEqualTo(expected.subList(4, 5));
        chunks.delete(expected.get(4).address());
        assertThat(chunks.list(store.id(), OpenStore.extent(3), Long.MAX_VALUE, 100))
                .isEqualTo(expected.subList(5, 10));
    }

    @Test
    void deletionsAreToldOneByOne() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 100));
        store.put(store.address(2), OpenStore.bytes(2, 100_000));
        VolumeId fenced = new VolumeId(12);
        chunks.fence(store.id(), fenced, 5);
        List<Deletion> deletions = chunks.deleteAll(
                List.of(store.address(1), store.address(9), store.address(3, fenced, 4), store.address(2)));
        assertThat(deletions).hasSize(4);
        assertThat(deletions.get(0)).isEqualTo(Deletion.DELETED);
        assertThat(deletions.get(1)).isEqualTo(Deletion.ABSENT);
        assertThat(deletions.get(2).failure().error()).isEqualTo(ChunkError.STALE_EPOCH);
        assertThat(deletions.get(3)).isEqualTo(Deletion.DELETED);
        refuses(ChunkError.NOT_FOUND, () -> store.get(store.address(2), 100));
        assertThat(chunks.deleteAll(List.of())).isEmpty();
    }

    @Test
    void oneCanAskForAChunk() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 100));
        assertThat(chunks.has(store.address(1))).isTrue();
        assertThat(chunks.has(store.address(2))).isFalse();
    }

    @Test
    void theChunksOfOneVolumeAreListedFromATimeOn() throws Exception {
        VolumeId other = new VolumeId(8);
        for (int i = 1; i <= 30; i++) {
            store.put(store.address(i, i % 3 == 0 ? other : OpenStore.VOLUME, OpenStore.EPOCH), new byte[10]);
        }
        ChunkPage all = chunks.listVolume(store.id(), other, null, 100);
        assertThat(all.next()).isNull();
        assertThat(all.chunks())
                .extracting(chunk -> chunk.address().extent().low())
                .containsExactly(3L, 6L, 9L, 12L, 15L, 18L, 21L, 24L, 27L, 30L);
        ExtentId since = ExtentId.lastBefore(OpenStore.extent(12).birthMillis());
        ChunkPage first = chunks.listVolume(store.id(), other, since, 3);
        assertThat(first.chunks())
                .extracting(chunk -> chunk.address().extent().low())
                .containsExactly(12L, 15L, 18L);
        ChunkPage rest = chunks.listVolume(store.id(), other, first.next(), 100);
        assertThat(rest.chunks())
                .extracting(chunk -> chunk.address().extent().low())
                .containsExactly(21L, 24L, 27L, 30L);
        assertThat(rest.next()).isNull();
        assertThat(chunks.listVolume(store.id(), new VolumeId(77), null, 100).chunks())
                .isEmpty();
    }

    @Test
    void afterAFenceNothingOlderIsCommitted() throws Exception {
        VolumeId volume = new VolumeId(12);
        byte[] bytes = OpenStore.bytes(1, 100);
        ChunkWriter before = opened(OpenStore.descriptor(store.address(1, volume, 4), 100));
        ChunkWriter elsewhere = chunks.create(OpenStore.descriptor(store.address(2), 100));
        before.write(ByteBuffer.wrap(bytes));
        elsewhere.write(ByteBuffer.wrap(bytes));
        chunks.fence(store.id(), volume, 5);
        refuses(ChunkError.STALE_EPOCH, () -> OpenStore.await(before.commit(OpenStore.checksums(bytes))));
        OpenStore.await(elsewhere.commit(OpenStore.checksums(bytes)));
        refuses(ChunkError.STALE_EPOCH, () -> chunks.fence(store.id(), volume, 4));
        chunks.fence(store.id(), volume, 5);
        store.put(store.address(3, volume, 5), bytes);
        reopen();
        refuses(ChunkError.STALE_EPOCH, () -> chunks.fence(store.id(), volume, 4));
        refusesToCreate(ChunkError.STALE_EPOCH, OpenStore.descriptor(store.address(4, volume, 4), 100));
        assertThat(chunks.listVolume(store.id(), volume, null, 100).chunks())
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.address().extent()).isEqualTo(OpenStore.extent(3)));
    }

    @Test
    void manyWritersShareOneSync() throws Exception {
        List<CompletableFuture<Void>> commits = new ArrayList<>();
        Random random = new Random(4);
        for (int i = 0; i < 500; i++) {
            commits.add(store.begin(store.address(i), OpenStore.bytes(i, 1000 + i * 20), random));
        }
        for (CompletableFuture<Void> commit : commits) {
            OpenStore.await(commit);
        }
        for (int i = 0; i < 500; i++) {
            assertThat(store.get(store.address(i), 1000 + i * 20)).isEqualTo(OpenStore.bytes(i, 1000 + i * 20));
        }
        assertThat(store.disk.counters().commitGroups()).isLessThanOrEqualTo(500);
        assertThat(store.disk.counters().writtenChunks()).isEqualTo(500);
    }

    @Test
    void spaceComesBack() throws Exception {
        for (int round = 0; round < 10; round++) {
            for (int i = 0; i < 20; i++) {
                store.put(store.address(round * 100 + i), OpenStore.bytes(i, i == 7 ? 70_000 : 150_000));
            }
            for (int i = 0; i < 20; i++) {
                if (i != 7) {
                    assertThat(chunks.delete(store.address(round * 100 + i))).isTrue();
                }
            }
            store.tidy();
        }
        for (int round = 0; round < 10; round++) {
            assertThat(store.get(store.address(round * 100 + 7), 70_000)).isEqualTo(OpenStore.bytes(7, 70_000));
        }
        // What is live fits into one segment, another is open; the rest is the free pools and the marks.
        assertThat(files.list("segments")).hasSizeLessThanOrEqualTo(12);
        reopen();
        for (int round = 0; round < 10; round++) {
            assertThat(store.get(store.address(round * 100 + 7), 70_000)).isEqualTo(OpenStore.bytes(7, 70_000));
        }
        assertThat(chunks.list(store.id(), null, Long.MAX_VALUE, 100)).hasSize(10);
    }

    @Test
    void theStatusSaysWhatThereIs() throws Exception {
        store.put(store.address(1), OpenStore.bytes(1, 100_000));
        chunks.list(store.id(), null, Long.MAX_VALUE, 1);
        assertThat(chunks.disks()).singleElement().satisfies(status -> {
            assertThat(status.disk()).isEqualTo(store.id());
            assertThat(status.state()).isEqualTo(Disk.State.HEALTHY);
            assertThat(status.totalBytes()).isPositive();
            assertThat(status.freeBytes()).isBetween(1L, status.totalBytes());
            assertThat(status.liveBytes()).isBetween(100_000L, 110_000L);
        });
    }
}
