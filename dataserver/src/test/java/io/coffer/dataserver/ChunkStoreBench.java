package io.coffer.dataserver;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Durable appends and verified reads of one disk, in operations per second; writers are set with {@code -t}. Chunks are deleted as fast as they
 * are written once {@code keep} bytes are there, so segments are recycled as in a store that is in use. The disk is {@code -Ddir=}.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 5)
@Measurement(iterations = 3, time = 5)
@State(Scope.Benchmark)
public class ChunkStoreBench {
    private static final VolumeId VOLUME = new VolumeId(1);
    private static final long KEPT_BYTES = 4L << 30;
    private static final int READABLE = 512;

    @Param({"16384", "65536", "1048576"})
    public int size;

    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentLinkedQueue<Long> written = new ConcurrentLinkedQueue<>();
    private final AtomicLong count = new AtomicLong();
    private String directory = "";
    private DataServer server;
    private DiskId disk;
    private ByteBuffer data;
    private int[] checksums;

    /** A buffer of each reader's own. */
    @State(Scope.Thread)
    public static class Reader {
        private ByteBuffer target = ByteBuffer.allocate(0);

        @Setup
        public void allocate(ChunkStoreBench bench) {
            target = ByteBuffer.allocateDirect(bench.size);
        }
    }

    @Setup(Level.Trial)
    public void open() throws Exception {
        directory = System.getProperty("dir", System.getProperty("java.io.tmpdir")) + "/coffer-bench";
        RealFileSystem parent = RealFileSystem.at(System.getProperty("dir", System.getProperty("java.io.tmpdir")));
        parent.deleteRecursively("coffer-bench");
        server = DataServer.open(
                List.of(DiskConfig.of(directory)),
                new ClusterId(new UUID(1, 1)),
                new NodeId(new UUID(2, 2)),
                DataServerOptions.DEFAULT,
                new DataServer.Surroundings(
                        RealFileSystem::at, WallClock.SYSTEM, Ticker.SYSTEM, RandomGenerator.getDefault(), (c, w) -> {
                            throw new IllegalStateException(w);
                        }));
        disk = server.disks().getFirst().disk();
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        data = ByteBuffer.allocateDirect(size).put(bytes).flip();
        BlockChecksums blocks = new BlockChecksums();
        blocks.update(data.duplicate());
        checksums = blocks.result();
        for (int i = 0; i < READABLE; i++) {
            append();
        }
    }

    private ChunkAddress address(long number) {
        return new ChunkAddress(disk, VOLUME, 1, new ExtentId(number << 16, number), 0);
    }

    @Benchmark
    public void append() throws Exception {
        long number = numbers.incrementAndGet();
        ChunkDescriptor descriptor =
                new ChunkDescriptor(address(number), new ProtectionScheme.Replicated(1), size, size);
        try (ChunkWriter writer = server.chunkStore().create(descriptor)) {
            writer.write(data.duplicate());
            writer.commit(checksums).get();
        }
        written.add(number);
        if (count.incrementAndGet() * size > KEPT_BYTES) {
            count.decrementAndGet();
            Long old = written.poll();
            if (old != null) {
                server.chunkStore().delete(address(old));
            }
        }
    }

    @Benchmark
    public void read(Reader reader) throws Exception {
        reader.target.clear();
        server.chunkStore().read(address(1 + ThreadLocalRandom.current().nextLong(READABLE)), 0, reader.target);
    }

    @TearDown(Level.Trial)
    public void close() throws Exception {
        System.out.println(server.stats().disks().getFirst());
        server.close();
        RealFileSystem.at(System.getProperty("dir", System.getProperty("java.io.tmpdir")))
                .deleteRecursively("coffer-bench");
    }
}
