package io.coffer.common.chunk.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.LocatedChunk;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file with a guard and a chunk of three and a half blocks behind it. */
final class LocalReadsTest {
    private static final int GUARD = 128;
    private static final int AT = 4096 + 300;
    private static final int LENGTH = 3 * BlockChecksums.BLOCK_SIZE + 30_000;
    private static final ChunkAddress CHUNK =
            new ChunkAddress(new DiskId(UUID.randomUUID()), new VolumeId(1), 1, new ExtentId(1, 1), 0);

    @TempDir
    private Path directory;

    private final Random random = new Random(5);
    private final byte[] content = new byte[AT + LENGTH + 1000];
    private final AtomicInteger located = new AtomicInteger();
    private final LocalReads reads = new LocalReads(new Peer(new NodeId(UUID.randomUUID()), "here", 1));
    private Path file;

    @BeforeEach
    void write() throws IOException {
        random.nextBytes(content);
        file = directory.resolve("1.seg");
        Files.write(file, content);
        try (StorageFile written = RealFileSystem.openHere(file.toString())) {
            assumeTrue(
                    written.readCached(ByteBuffer.allocateDirect(10), 0),
                    "this system can't tell what is in the page cache");
        }
    }

    @AfterEach
    void close() {
        reads.close();
    }

    private LocatedChunk place() {
        located.incrementAndGet();
        int[] checksums = new int[BlockChecksums.blocksIn(LENGTH)];
        for (int block = 0; block < checksums.length; block++) {
            int from = block * BlockChecksums.BLOCK_SIZE;
            checksums[block] = BlockChecksums.ofBlock(
                    ByteBuffer.wrap(content, AT + from, Math.min(BlockChecksums.BLOCK_SIZE, LENGTH - from)));
        }
        return new LocatedChunk(file.toString(), AT, LENGTH, checksums, ByteBuffer.wrap(content.clone(), 0, GUARD));
    }

    private boolean read(int offset, ByteBuffer target) throws ChunkException {
        return reads.read(CHUNK, offset, target, chunk -> place());
    }

    private void change(int at) throws IOException {
        byte[] changed = content.clone();
        changed[at]++;
        Files.write(file, changed);
    }

    @Test
    void readsAnyRangeAndAsksOnceWhereItIs() throws ChunkException {
        for (int i = 0; i < 200; i++) {
            int offset = i % 3 == 0 ? random.nextInt(4) * BlockChecksums.BLOCK_SIZE : random.nextInt(LENGTH + 1);
            int length = i % 5 == 0 ? LENGTH - offset : random.nextInt(LENGTH - offset + 1);
            ByteBuffer target = ByteBuffer.allocateDirect(length + 7).position(7);
            assertThat(read(offset, target)).isTrue();
            assertThat(target.hasRemaining()).isFalse();
            assertThat(target.position(7)).isEqualTo(ByteBuffer.wrap(content, AT + offset, length));
        }
        assertThat(located).hasValue(1);
        assertThat(reads.bytes()).isPositive();
    }

    @Test
    void whatWasWrittenOverIsntBelieved() throws ChunkException, IOException {
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isTrue();
        change(GUARD - 1);
        ByteBuffer target = ByteBuffer.allocateDirect(10);
        assertThat(read(0, target)).isFalse();
        assertThat(target.position()).isZero();
    }

    @Test
    void damagedBytesAreLeftToTheDataserver() throws ChunkException, IOException {
        change(AT + BlockChecksums.BLOCK_SIZE + 5);
        assertThat(read(0, ByteBuffer.allocateDirect(BlockChecksums.BLOCK_SIZE)))
                .isTrue();
        ByteBuffer whole = ByteBuffer.allocateDirect(LENGTH);
        assertThat(read(0, whole)).isFalse();
        assertThat(whole.position()).isZero();
        assertThat(read(BlockChecksums.BLOCK_SIZE, ByteBuffer.allocateDirect(3)))
                .isFalse();
    }

    @Test
    void aChunkThatMovedIsFoundAgain() throws ChunkException, IOException {
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isTrue();
        Files.write(file, new byte[content.length]);
        file = directory.resolve("2.seg");
        Files.write(file, content);
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isTrue();
        assertThat(located).hasValue(2);
    }

    @Test
    void aHostWithoutTheFileStopsAsking() throws ChunkException, IOException {
        Files.delete(file);
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isFalse();
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isFalse();
        assertThat(located).hasValue(1);
    }

    @Test
    void onlyFilesAreRead() throws ChunkException, IOException {
        file = Files.createDirectory(directory.resolve("3.seg"));
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isFalse();
        file = Path.of("relative.seg");
        assertThat(read(0, ByteBuffer.allocateDirect(10))).isFalse();
    }

    @Test
    void whatIsntInTheChunkIsForTheDataserverToRefuse() throws ChunkException {
        assertThat(read(LENGTH - 5, ByteBuffer.allocateDirect(6))).isFalse();
    }
}
