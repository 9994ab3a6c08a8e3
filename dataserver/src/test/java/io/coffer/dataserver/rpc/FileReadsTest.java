package io.coffer.dataserver.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkError;
import io.coffer.common.chunk.ChunkException;
import io.coffer.dataserver.chunk.OpenStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads of chunks whose dataserver is on this host, from the files that a real one wrote. */
final class FileReadsTest {
    @TempDir
    private Path directory;

    private OpenStore store;
    private Wire wire;

    @BeforeEach
    void open() throws Exception {
        store = OpenStore.at(directory);
        wire = Wire.readingFilesOf(store.store);
    }

    @AfterEach
    void close() throws Exception {
        wire.close();
        store.close();
    }

    private byte[] read(ChunkAddress chunk, int offset, int length) throws ChunkException {
        ByteBuffer target = ByteBuffer.allocateDirect(length);
        wire.chunks().read(chunk, offset, target);
        byte[] bytes = new byte[length];
        target.flip().get(bytes);
        return bytes;
    }

    private static byte[] part(byte[] bytes, int offset, int length) {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    @Test
    void chunksOfAllLengthsAreReadFromTheirFiles() throws ChunkException {
        Random random = new Random(11);
        int number = 1;
        for (int length : new int[] {0, 1, 100, 4096, 65_536, 65_537, 300_000, 1 << 20}) {
            ChunkAddress chunk = store.address(number);
            byte[] bytes = OpenStore.bytes(number++, length);
            store.put(chunk, bytes);
            // Long ones were written past the page cache: the first read is the dataserver's.
            assertThat(read(chunk, 0, length)).isEqualTo(bytes);
            long before = wire.stores.fileBytes();
            assertThat(read(chunk, 0, length)).isEqualTo(bytes);
            int offset = random.nextInt(length + 1);
            int some = random.nextInt(length - offset + 1);
            assertThat(read(chunk, offset, some)).isEqualTo(part(bytes, offset, some));
            assumeTrue(length == 0 || wire.stores.fileBytes() > 0, "this system can't tell what is in the page cache");
            assertThat(wire.stores.fileBytes() - before).isEqualTo(length + some);
        }
    }

    @Test
    void damageIsFoundAndToldByTheDataserver() throws ChunkException, IOException {
        ChunkAddress chunk = store.address(1);
        byte[] bytes = OpenStore.bytes(1, 200_000);
        store.put(chunk, bytes);
        assertThat(read(chunk, 0, 10)).isEqualTo(part(bytes, 0, 10));
        damage(bytes);
        assertThatThrownBy(() -> read(chunk, 0, bytes.length))
                .isInstanceOfSatisfying(
                        ChunkException.class, e -> assertThat(e.error()).isEqualTo(ChunkError.CORRUPT));
        assertThat(store.damaged).contains(chunk);
    }

    /** Changes a byte in the middle of the one chunk there is. */
    private void damage(byte[] bytes) throws IOException {
        byte[] middle = part(bytes, 100_000, 50);
        try (Stream<Path> segments = Files.list(directory.resolve("segments"))) {
            for (Path segment : segments.toList()) {
                byte[] content = Files.readAllBytes(segment);
                int at = indexOf(content, middle);
                if (at >= 0) {
                    content[at]++;
                    Files.write(segment, content);
                    return;
                }
            }
        }
        throw new AssertionError("the chunk is in no segment");
    }

    private static int indexOf(byte[] content, byte[] wanted) {
        for (int at = 0; at + wanted.length <= content.length; at++) {
            if (Arrays.equals(content, at, at + wanted.length, wanted, 0, wanted.length)) {
                return at;
            }
        }
        return -1;
    }

    @Test
    void whatTheDataserverDoesntHaveIsntThere() {
        assertThatThrownBy(() -> read(store.address(7), 0, 10))
                .isInstanceOfSatisfying(
                        ChunkException.class, e -> assertThat(e.error()).isEqualTo(ChunkError.NOT_FOUND));
    }

    @Test
    void aDeletedChunksSpaceIsNeverReadAsTheChunk() throws Exception {
        ChunkAddress chunk = store.address(1);
        byte[] bytes = OpenStore.bytes(1, 500_000);
        store.put(chunk, bytes);
        assertThat(read(chunk, 0, bytes.length)).isEqualTo(bytes);
        wire.chunks().delete(chunk);
        AtomicInteger next = new AtomicInteger(2);
        await().untilAsserted(() -> {
            store.reclaim();
            int number = next.getAndIncrement();
            store.put(store.address(number), OpenStore.bytes(number, 500_000));
            // The reader remembers its place, and finds something else there.
            assertThatThrownBy(() -> assertThat(read(chunk, 0, bytes.length)).isEqualTo(bytes))
                    .isInstanceOfSatisfying(
                            ChunkException.class, e -> assertThat(e.error()).isEqualTo(ChunkError.NOT_FOUND));
        });
    }
}
