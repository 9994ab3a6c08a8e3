package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.io.fault.Attempt;
import io.coffer.common.io.fault.CrashableFileSystem;
import io.coffer.common.io.fault.Fault;
import io.coffer.common.io.fault.FaultyFileSystem;
import io.coffer.dataserver.chunk.OpenStore;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What callers see when server, network or disk fail, and what is left of it. */
final class RemoteFaultTest {
    private static final int DATA = 7;
    private static final int READ_DATA = 12;

    private final FaultyFileSystem files = new FaultyFileSystem(new CrashableFileSystem());
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

    private static ChunkError failureOf(ThrowingCallable call) {
        AtomicReference<@Nullable ChunkError> error = new AtomicReference<>();
        assertThatThrownBy(call).isInstanceOfSatisfying(ChunkException.class, e -> error.set(e.error()));
        return error.get();
    }

    private static byte[] read(ChunkStore chunks, ChunkAddress chunk, int length) throws ChunkException {
        ByteBuffer target = ByteBuffer.allocate(length);
        chunks.read(chunk, 0, target);
        return target.array();
    }

    private static void put(ChunkStore chunks, ChunkAddress chunk, byte[] bytes) throws ChunkException {
        try (ChunkWriter writer = chunks.create(OpenStore.descriptor(chunk, bytes.length))) {
            writer.write(ByteBuffer.wrap(bytes));
            OpenStore.await(writer.commit(OpenStore.checksums(bytes)));
        }
    }

    private void awaitNoWriters() {
        await().until(() -> store.disk.counters().openWriters() == 0);
    }

    @Test
    void aCallerThatWasRemovedFromTheClusterLosesItsConnectionAndGetsNoOther() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 1000);
        try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, ChunkServerOptions.DEFAULT)) {
            ChunkStore chunks = wire.chunks();
            wire.server.dismiss(Set.of(OpenStore.NODE));
            put(chunks, store.address(1), bytes);
            assertThat(wire.server.load().connections()).isPositive();

            wire.server.dismiss(Set.of(OpenStore.NODE, Wire.CALLER));

            await().untilAsserted(
                            () -> assertThat(wire.server.load().connections()).isZero());
            assertThat(failureOf(() -> read(chunks, store.address(1), 10))).isEqualTo(ChunkError.UNAVAILABLE);
        }
    }

    @Test
    void aServerThatDiesTakesItsWritesWithIt() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 3 << 20);
        try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, ChunkServerOptions.DEFAULT)) {
            ChunkStore chunks = wire.chunks();
            ChunkWriter writing = chunks.create(OpenStore.descriptor(store.address(1), bytes.length));
            writing.write(ByteBuffer.wrap(bytes, 0, 1 << 20));
            ChunkWriter committing = chunks.create(OpenStore.descriptor(store.address(2), 10));
            OpenStore.await(committing.opened());
            int port = wire.server.address().getPort();
            wire.server.close();
            assertThat(failureOf(() -> {
                        writing.write(ByteBuffer.wrap(bytes, 1 << 20, 2 << 20));
                        OpenStore.await(writing.commit(OpenStore.checksums(bytes)));
                    }))
                    .isEqualTo(ChunkError.UNAVAILABLE);
            assertThat(failureOf(() -> {
                        committing.write(ByteBuffer.wrap(new byte[10]));
                        OpenStore.await(committing.commit(OpenStore.checksums(new byte[10])));
                    }))
                    .isEqualTo(ChunkError.UNAVAILABLE);
            awaitNoWriters();
            assertThat(failureOf(() -> read(chunks, store.address(1), 10))).isEqualTo(ChunkError.UNAVAILABLE);
            try (ChunkServer again = Wire.serve(store.store, null, ChunkServerOptions.DEFAULT, port)) {
                await().ignoreExceptions().untilAsserted(() -> put(chunks, store.address(3), bytes));
                assertThat(read(chunks, store.address(3), bytes.length)).isEqualTo(bytes);
                assertThat(again.load().connections()).isPositive();
            }
        }
    }

    @Test
    void aFrozenServerIsNoticedAndThenNotWaitedFor() throws Exception {
        CountDownLatch thaw = new CountDownLatch(1);
        AtomicBoolean frozen = new AtomicBoolean();
        put(store.store, store.address(1), OpenStore.bytes(1, 1000));
        try (Wire wire = Wire.to(store.store, null);
                Relay relay = new Relay(wire.server.address(), (number, toServer, frame) -> {
                    if (frozen.get()) {
                        awaitLatch(thaw);
                    }
                    return true;
                })) {
            wire.callAt(relay.address());
            ChunkStore chunks = wire.chunks();
            assertThat(read(chunks, store.address(1), 1000)).isEqualTo(OpenStore.bytes(1, 1000));
            frozen.set(true);
            long start = System.nanoTime();
            assertThat(failureOf(() -> read(chunks, store.address(1), 1000))).isEqualTo(ChunkError.UNAVAILABLE);
            assertThat(millisSince(start)).isBetween(1000L, 4000L);
            for (int i = 0; i < 20; i++) {
                long again = System.nanoTime();
                assertThat(failureOf(() -> read(chunks, store.address(1), 1000)))
                        .isEqualTo(ChunkError.UNAVAILABLE);
                assertThat(millisSince(again)).isLessThan(500);
            }
            frozen.set(false);
            thaw.countDown();
            await().ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(read(chunks, store.address(1), 1000)).isEqualTo(OpenStore.bytes(1, 1000)));
        }
    }

    @Test
    void aPeerThatIsBackIsReachedBeforeAnybodyAsks() throws Exception {
        put(store.store, store.address(1), OpenStore.bytes(1, 1000));
        try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, ChunkServerOptions.DEFAULT)) {
            ChunkStore chunks = wire.chunks();
            assertThat(read(chunks, store.address(1), 1000)).isEqualTo(OpenStore.bytes(1, 1000));
            int port = wire.server.address().getPort();
            wire.server.close();
            await().until(() -> failureOf(() -> read(chunks, store.address(1), 1000)) == ChunkError.UNAVAILABLE);
            try (ChunkServer again = Wire.serve(store.store, null, ChunkServerOptions.DEFAULT, port)) {
                await().until(() -> again.load().connections() > 0);
                await().ignoreExceptions()
                        .untilAsserted(() ->
                                assertThat(read(chunks, store.address(1), 1000)).isEqualTo(OpenStore.bytes(1, 1000)));
            }
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aResetAtAnyFrameLeavesEverythingInOrder() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 700_000);
        int frames = Integer.MAX_VALUE;
        for (int cut = -1; cut < frames; cut++) {
            int here = cut;
            ChunkAddress chunk = store.address(100 + cut);
            try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, ChunkServerOptions.DEFAULT);
                    Relay relay = new Relay(wire.server.address(), (number, toServer, frame) -> number != here)) {
                wire.callAt(relay.address());
                ChunkStore chunks = wire.chunks();
                List<ChunkError> errors = new ArrayList<>();
                if (tries(errors, () -> put(chunks, chunk, bytes))) {
                    assertThat(read(store.store, chunk, bytes.length)).isEqualTo(bytes);
                }
                tries(
                        errors,
                        () -> assertThat(read(chunks, chunk, bytes.length)).isEqualTo(bytes));
                tries(errors, () -> chunks.listVolume(store.id(), OpenStore.VOLUME, null, 10));
                boolean deleted = tries(errors, () -> chunks.delete(chunk));
                assertThat(errors)
                        .as("cut at frame %d", cut)
                        .allMatch(error -> error == ChunkError.UNAVAILABLE || error == ChunkError.NOT_FOUND);
                assertThat(errors.size()).isLessThanOrEqualTo(2);
                if (cut < 0) {
                    assertThat(errors).isEmpty();
                    frames = relay.frames();
                    assertThat(frames).isGreaterThan(12);
                }
                if (deleted) {
                    assertThat(failureOf(() -> read(store.store, chunk, 1))).isEqualTo(ChunkError.NOT_FOUND);
                }
                wire.awaitNothingHeld();
                awaitNoWriters();
            }
        }
    }

    private static boolean tries(List<ChunkError> errors, ThrowingCallable call) throws Exception {
        try {
            call.call();
            return true;
        } catch (ChunkException e) {
            errors.add(e.error());
            return false;
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void bytesDamagedOnTheWayAreNoticed() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 300_000);
        AtomicInteger damaged = new AtomicInteger();
        try (Wire wire = Wire.to(store.store, null);
                Relay relay = new Relay(wire.server.address(), (number, toServer, frame) -> {
                    if (frame[3] == damaged.get()) {
                        frame[frame.length - 5] ^= 4;
                    }
                    return true;
                })) {
            wire.callAt(relay.address());
            ChunkStore chunks = wire.chunks();
            damaged.set(DATA);
            assertThat(failureOf(() -> put(chunks, store.address(1), bytes))).isEqualTo(ChunkError.CHECKSUM_MISMATCH);
            damaged.set(READ_DATA);
            put(chunks, store.address(2), bytes);
            assertThat(failureOf(() -> read(chunks, store.address(2), 100))).isEqualTo(ChunkError.UNAVAILABLE);
            damaged.set(0);
            assertThat(read(chunks, store.address(2), bytes.length)).isEqualTo(bytes);
        }
    }

    @Test
    void aSlowDiskHoldsUpItsOwnStreamsOnly() throws Exception {
        put(store.store, store.address(1), OpenStore.bytes(1, 200_000));
        CountDownLatch fast = new CountDownLatch(1);
        int window = 128 << 10;
        ChunkServerOptions options =
                new ChunkServerOptions(window, 1 << 20, 4 << 20, 1 << 20, 10, 10, 20, 2, 1, Duration.ofSeconds(10));
        try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, options)) {
            ChunkStore chunks = wire.chunks();
            byte[] bytes = OpenStore.bytes(2, 900_000);
            ChunkWriter slow = chunks.create(OpenStore.descriptor(store.address(2), bytes.length));
            OpenStore.await(slow.opened());
            files.inject(Attempt.Operation.WRITE, new Fault.Before(() -> awaitLatch(fast)))
                    .times(1);
            assertThat(failureOf(() -> slow.write(ByteBuffer.wrap(bytes)))).isEqualTo(ChunkError.UNAVAILABLE);
            assertThat(wire.server.load().writeBytes()).isEqualTo(window);
            // The same connection, as there is one for bulk only.
            assertThat(read(chunks, store.address(1), 200_000)).isEqualTo(OpenStore.bytes(1, 200_000));
            fast.countDown();
            wire.awaitNothingHeld();
            awaitNoWriters();
            put(chunks, store.address(3), bytes);
        }
    }

    @Test
    void aFullServerRefusesAndHoldsNoMoreThanItMay() throws Exception {
        int window = 128 << 10;
        ChunkServerOptions options = new ChunkServerOptions(
                window, 3L * window, 4 << 20, 1 << 20, 10, 100, 100, 2, 1, Duration.ofSeconds(10));
        try (Wire wire = Wire.to(store.store, null, Wire.IMPATIENT, options)) {
            ChunkStore chunks = wire.chunks();
            List<ChunkWriter> writers = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ChunkWriter writer = chunks.create(OpenStore.descriptor(store.address(i), 500_000));
                OpenStore.await(writer.opened());
                writers.add(writer);
            }
            ChunkWriter refused = chunks.create(OpenStore.descriptor(store.address(9), 500_000));
            assertThat(failureOf(() -> OpenStore.await(refused.opened()))).isEqualTo(ChunkError.OVERLOADED);
            assertThat(failureOf(() -> refused.write(ByteBuffer.allocate(10)))).isEqualTo(ChunkError.OVERLOADED);
            writers.forEach(ChunkWriter::close);
            wire.awaitNothingHeld();
            put(chunks, store.address(10), OpenStore.bytes(1, 500_000));
        }
    }

    @Test
    void aCallerThatDoesNotTakeItsBytesHoldsUpNobodyElse() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 8 << 20);
        put(store.store, store.address(1), bytes);
        CountDownLatch taking = new CountDownLatch(1);
        int perConnection = 512 << 10;
        ChunkServerOptions options = new ChunkServerOptions(
                1 << 20, 4 << 20, 2L * perConnection, perConnection, 10, 100, 100, 2, 1, Duration.ofSeconds(10));
        try (Wire slow = Wire.to(store.store, null, Wire.IMPATIENT, options);
                Relay relay = new Relay(slow.server.address(), (number, toServer, frame) -> {
                    if (frame[3] == READ_DATA) {
                        awaitLatch(taking);
                    }
                    return true;
                });
                Wire other = Wire.clientOf(slow.server.address())) {
            slow.callAt(relay.address());
            List<Thread> readers = new ArrayList<>();
            AtomicInteger failed = new AtomicInteger();
            for (int i = 0; i < 10; i++) {
                readers.add(Thread.ofVirtual().start(() -> {
                    try {
                        read(slow.chunks(), store.address(1), bytes.length);
                    } catch (ChunkException e) {
                        failed.incrementAndGet();
                    }
                }));
            }
            await().until(() -> slow.server.load().readBytes() >= perConnection - (256 << 10));
            assertThat(read(other.chunks(), store.address(1), bytes.length)).isEqualTo(bytes);
            assertThat(slow.server.load().readBytes()).isLessThanOrEqualTo(perConnection);
            for (Thread reader : readers) {
                reader.join();
            }
            assertThat(failed.get()).isEqualTo(10);
            taking.countDown();
            slow.awaitNothingHeld();
        }
    }

    @Test
    void requestsOfAnInterruptedCallerAreGivenUp() throws Exception {
        byte[] bytes = OpenStore.bytes(1, 100_000);
        put(store.store, store.address(1), bytes);
        CountDownLatch fast = new CountDownLatch(1);
        try (Wire wire = Wire.to(store.store, null)) {
            files.inject(Attempt.Operation.READ, new Fault.Before(() -> awaitLatch(fast)))
                    .times(1);
            AtomicReference<@Nullable ChunkError> error = new AtomicReference<>();
            Thread reader = Thread.ofVirtual()
                    .start(() -> error.set(failureOf(() -> read(wire.chunks(), store.address(1), bytes.length))));
            await().until(() -> wire.server.load().readBytes() > 0);
            reader.interrupt();
            reader.join();
            assertThat(error.get()).isEqualTo(ChunkError.UNAVAILABLE);
            fast.countDown();
            wire.awaitNothingHeld();
        }
    }
}
