package io.coffer.dataserver.chunk;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.fault.CrashableFileSystem;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Writers and a fence at the same time: what a list shows after the fence is all that was acknowledged, then or later. */
final class FenceStressTest {
    private static final int ROUNDS = 150;
    private static final int WRITERS = 12;

    @Test
    void nothingAppearsBehindAFence() throws Exception {
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger acknowledged = new AtomicInteger();
        try (OpenStore store = OpenStore.on(new CrashableFileSystem())) {
            byte[] bytes = OpenStore.bytes(1, 5000);
            for (int round = 1; round <= ROUNDS; round++) {
                VolumeId volume = new VolumeId(round);
                CountDownLatch ready = new CountDownLatch(WRITERS);
                ConcurrentLinkedQueue<Long> written = new ConcurrentLinkedQueue<>();
                List<Thread> writers = new ArrayList<>();
                for (int i = 0; i < WRITERS; i++) {
                    long number = round * 100L + i;
                    writers.add(Thread.ofPlatform().start(() -> {
                        try (ChunkWriter writer =
                                store.store.create(OpenStore.descriptor(store.address(number, volume, 1), 5000))) {
                            writer.write(ByteBuffer.wrap(bytes));
                            ready.countDown();
                            OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
                            written.add(number);
                            acknowledged.incrementAndGet();
                        } catch (ChunkException e) {
                            assertThat(e.error()).isEqualTo(ChunkError.STALE_EPOCH);
                            refused.incrementAndGet();
                        }
                    }));
                }
                ready.await();
                store.store.fence(store.id(), volume, 2);
                List<Long> listed = numbers(store, volume);
                for (Thread writer : writers) {
                    writer.join();
                }
                assertThat(listed).containsExactlyInAnyOrderElementsOf(written);
                assertThat(numbers(store, volume)).isEqualTo(listed);
            }
        }
        assertThat(acknowledged.get()).isPositive();
        assertThat(refused.get()).isPositive();
    }

    private static List<Long> numbers(OpenStore store, VolumeId volume) throws ChunkException {
        return store.store.listVolume(store.id(), volume, null, 1000).chunks().stream()
                .map(chunk -> chunk.address().extent().low())
                .toList();
    }
}
