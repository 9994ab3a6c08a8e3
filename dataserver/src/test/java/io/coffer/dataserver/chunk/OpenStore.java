package io.coffer.dataserver.chunk;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkException;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.dataserver.disk.DiskDirectory;
import io.coffer.dataserver.disk.DiskOptions;
import io.coffer.dataserver.disk.DiskRefusedException;
import io.coffer.dataserver.index.IndexMemory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A store over one disk, without its upkeep thread, and short words for what tests do with it. */
public final class OpenStore implements AutoCloseable {
    public static final ClusterId CLUSTER = ClusterId.parse("11111111-1111-4111-8111-111111111111");
    public static final NodeId NODE = NodeId.parse("22222222-2222-4222-8222-222222222222");
    public static final VolumeId VOLUME = new VolumeId(7);
    public static final long EPOCH = 3;

    /** Small, so that tests come to the end of segments. */
    public static final DiskOptions SMALL = new DiskOptions(1L << 20, 64L << 10, 0, 64L << 10, 64L << 10);

    private static final long MEMORY_BYTES = 4L << 20;

    /** Small, so that tests write long chunks: those of twice as many bytes and more. */
    public static final int LONG_WRITE_BYTES = 64 << 10;

    public final ChunkDisk disk;
    public final LocalChunkStore store;

    /** What put and get call: the store, or a client of it. */
    public ChunkStore called;

    public final List<ChunkAddress> damaged = Collections.synchronizedList(new ArrayList<>());
    private final IndexMemory indexMemory = new IndexMemory(MEMORY_BYTES);

    private OpenStore(FileSystem files, String path, DiskOptions options, ChunkMemory memory)
            throws IOException, DiskRefusedException {
        Random random = new Random(1);
        ChunkDisk opened = null;
        try {
            DiskDirectory directory = DiskDirectory.open(
                    files, path, new DiskDirectory.Owner(CLUSTER, NODE, null), 1_700_000_000_000L, random);
            opened = ChunkDisk.open(
                    directory,
                    new ChunkDisk.Shared(options, indexMemory, memory, random, (chunk, what) -> damaged.add(chunk)));
        } finally {
            if (opened == null) {
                indexMemory.close();
            }
        }
        disk = opened;
        store = new LocalChunkStore(List.of(disk));
        called = store;
    }

    public static OpenStore on(FileSystem files) throws IOException, DiskRefusedException {
        return on(files, SMALL);
    }

    public static OpenStore on(FileSystem files, DiskOptions options) throws IOException, DiskRefusedException {
        return on(files, options, ChunkMemory.of(MEMORY_BYTES, LONG_WRITE_BYTES));
    }

    static OpenStore on(FileSystem files, DiskOptions options, ChunkMemory memory)
            throws IOException, DiskRefusedException {
        return new OpenStore(files, "disk", options, memory);
    }

    /** On a real disk. */
    public static OpenStore at(Path directory) throws IOException, DiskRefusedException {
        return new OpenStore(
                RealFileSystem.at(directory),
                directory.toString(),
                SMALL,
                ChunkMemory.of(MEMORY_BYTES, LONG_WRITE_BYTES));
    }

    /** Gives the space of deleted chunks back. */
    public void reclaim() throws ChunkException {
        disk.reclaim().eraseDead();
        disk.reclaim().freeSegments();
    }

    public static ExtentId extent(long number) {
        return new ExtentId(1_700_000_000_000L + number << 16, number);
    }

    public ChunkAddress address(long number) {
        return address(number, VOLUME, EPOCH);
    }

    public ChunkAddress address(long number, VolumeId volume, long epoch) {
        return new ChunkAddress(disk.id(), volume, epoch, extent(number), 0);
    }

    public DiskId id() {
        return disk.id();
    }

    public static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    public static int[] checksums(byte[] bytes) {
        BlockChecksums checksums = new BlockChecksums();
        checksums.update(ByteBuffer.wrap(bytes));
        return checksums.result();
    }

    public static ChunkDescriptor descriptor(ChunkAddress address, int length) {
        return new ChunkDescriptor(address, new ProtectionScheme.Replicated(1), length, length);
    }

    /** Writes a chunk in pieces of random length. */
    public CompletableFuture<Void> begin(ChunkAddress address, byte[] bytes, Random random) throws ChunkException {
        try (ChunkWriter writer = called.create(descriptor(address, bytes.length))) {
            writeAll(writer, bytes, random);
            return writer.commit(checksums(bytes));
        }
    }

    public static void writeAll(ChunkWriter writer, byte[] bytes, Random random) throws ChunkException {
        int at = 0;
        while (at < bytes.length) {
            int piece =
                    1 + random.nextInt(random.nextBoolean() ? bytes.length - at : Math.min(5000, bytes.length - at));
            ByteBuffer source = random.nextBoolean()
                    ? ByteBuffer.wrap(bytes, at, piece)
                    : ByteBuffer.allocateDirect(piece).put(bytes, at, piece).flip();
            writer.write(source);
            at += piece;
        }
    }

    public void put(ChunkAddress address, byte[] bytes) throws ChunkException {
        await(begin(address, bytes, new Random(address.extent().low())));
    }

    public static void await(CompletableFuture<Void> commit) throws ChunkException {
        try {
            commit.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ChunkException known) {
                throw known;
            }
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    public byte[] get(ChunkAddress address, int length) throws ChunkException {
        return get(address, 0, length);
    }

    public byte[] get(ChunkAddress address, long offset, int length) throws ChunkException {
        ByteBuffer target = ByteBuffer.allocate(length);
        called.read(address, offset, target);
        return target.array();
    }

    /** All upkeep there is to do. */
    public void tidy() throws ChunkException {
        boolean busy = true;
        while (busy) {
            busy = disk.reclaim().eraseDead() > 0;
            disk.reclaim().trimFullSegments();
            busy |= disk.reclaim().freeSegments() > 0;
            busy |= disk.reclaim().compact(1L << 30) > 0;
        }
        disk.reclaim().checkSpace();
    }

    @Override
    public void close() throws IOException {
        try {
            disk.close();
        } finally {
            indexMemory.close();
        }
    }
}
