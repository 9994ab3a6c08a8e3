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
import io.coffer.common.io.OpenMode;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.io.StorageFile;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The store beside a bare log on the same disk, in turns of a second, so that whatever else the machine does meets both: operations per second
 * and processor time per operation. Behind decision 0005; run as {@code ChunkStoreRates DIRECTORY SECONDS}.
 */
public final class ChunkStoreRates {
    private static final long TURN_NANOS = 1_000_000_000L;
    private static final long LOG_BYTES = 1L << 30;
    private static final long KEPT_BYTES = 2L << 30;
    private static final VolumeId VOLUME = new VolumeId(1);

    private ChunkStoreRates() {}

    private interface Work {
        void once() throws Exception;
    }

    private record Rate(String name, long operations, long nanos, long cpuNanos, int size) {
        @Override
        public String toString() {
            double perSecond = operations * 1e9 / nanos;
            return "%-24s %9.0f /s %7.2f GB/s %8.1f us CPU each"
                    .formatted(name, perSecond, perSecond * size / 1e9, cpuNanos / 1e3 / Math.max(1, operations));
        }
    }

    /** Producers write into slots of one file; one of those that wait syncs for all. */
    private static final class BareLog {
        private final StorageFile file;
        private final ByteBuffer data;
        private final int step;
        private final Object lock = new Object();
        private long next;
        private long written;
        private long synced;
        private boolean syncing;

        BareLog(StorageFile file, ByteBuffer data) {
            this.file = file;
            this.data = data;
            this.step = (data.remaining() + 4096) / 4096 * 4096;
        }

        void append() throws Exception {
            long at;
            synchronized (lock) {
                at = next;
                next = next + step + step > LOG_BYTES ? 0 : next + step;
            }
            file.write(data.duplicate(), at);
            long mine;
            synchronized (lock) {
                mine = ++written;
                while (synced < mine && syncing) {
                    lock.wait();
                }
                if (synced >= mine) {
                    return;
                }
                syncing = true;
            }
            long upTo;
            synchronized (lock) {
                upTo = written;
            }
            file.sync();
            synchronized (lock) {
                synced = Math.max(synced, upTo);
                syncing = false;
                lock.notifyAll();
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        String directory = arguments[0];
        int seconds = Integer.parseInt(arguments[1]);
        for (int size : new int[] {16 << 10, 64 << 10, 1 << 20}) {
            for (int writers : new int[] {1, 8, 64}) {
                measure(directory, size, writers, seconds);
            }
        }
    }

    private static void measure(String directory, int size, int writers, int seconds) throws Exception {
        RealFileSystem files = RealFileSystem.at(directory);
        files.deleteRecursively("rates");
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        ByteBuffer data = ByteBuffer.allocateDirect(size).put(bytes).flip();
        BlockChecksums blocks = new BlockChecksums();
        blocks.update(data.duplicate());
        int[] checksums = blocks.result();
        DataServer server = DataServer.open(
                List.of(DiskConfig.of(directory + "/rates/disk")),
                new ClusterId(new UUID(1, 1)),
                new NodeId(new UUID(2, 2)),
                DataServerOptions.DEFAULT,
                new DataServer.Surroundings(
                        RealFileSystem::at, WallClock.SYSTEM, Ticker.SYSTEM, RandomGenerator.getDefault(), (c, w) -> {
                            throw new IllegalStateException(w);
                        }));
        DiskId disk = server.disks().getFirst().disk();
        AtomicLong numbers = new AtomicLong();
        try (StorageFile prewritten = files.open("rates/prewritten", OpenMode.CREATE);
                StorageFile allocated = files.open("rates/allocated", OpenMode.CREATE)) {
            fill(prewritten);
            BareLog recycled = new BareLog(prewritten, data);
            BareLog fresh = new BareLog(allocated, data);
            Work append = () -> append(server, disk, numbers.incrementAndGet(), data, checksums);
            Work read = () -> read(server, disk, numbers.get(), size);
            List<String> names =
                    List.of("bare log, written before", "bare log, allocated", "store, append", "store, read");
            List<Work> works = List.of(recycled::append, fresh::append, append, read);
            List<Rate> sums = new ArrayList<>();
            names.forEach(name -> sums.add(new Rate(name, 0, 0, 0, size)));
            for (int round = -2; round < seconds; round++) {
                for (int i = 0; i < works.size(); i++) {
                    if (i == 1) {
                        allocated.truncate(0);
                        allocated.allocate(0, LOG_BYTES);
                    }
                    Rate rate = turn(names.get(i), works.get(i), writers, size);
                    if (round >= 0) {
                        Rate sum = sums.get(i);
                        sums.set(
                                i,
                                new Rate(
                                        sum.name,
                                        sum.operations + rate.operations,
                                        sum.nanos + rate.nanos,
                                        sum.cpuNanos + rate.cpuNanos,
                                        size));
                    }
                }
            }
            System.out.printf("%d KiB, %d threads%n", size >> 10, writers);
            sums.forEach(rate -> System.out.println("  " + rate));
            System.out.println("  " + server.stats().disks().getFirst().counters());
        } finally {
            server.close();
            files.deleteRecursively("rates");
        }
    }

    private static void fill(StorageFile file) throws Exception {
        ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
        for (long at = 0; at < LOG_BYTES; at += zeros.capacity()) {
            file.write(zeros.clear(), at);
        }
        file.sync();
    }

    private static Rate turn(String name, Work work, int threads, int size) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        AtomicLong operations = new AtomicLong();
        List<Thread> running = new ArrayList<>();
        long cpu = cpuNanos();
        long start = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            running.add(Thread.ofPlatform().start(() -> {
                try {
                    while (!over.get()) {
                        work.once();
                        operations.incrementAndGet();
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(name, e);
                }
            }));
        }
        Thread.sleep(TURN_NANOS / 1_000_000);
        over.set(true);
        for (Thread thread : running) {
            thread.join();
        }
        return new Rate(name, operations.get(), System.nanoTime() - start, cpuNanos() - cpu, size);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static ChunkAddress address(DiskId disk, long number) {
        return new ChunkAddress(disk, VOLUME, 1, new ExtentId(number << 16, number), 0);
    }

    private static void append(DataServer server, DiskId disk, long number, ByteBuffer data, int[] checksums)
            throws Exception {
        int size = data.remaining();
        ChunkDescriptor descriptor =
                new ChunkDescriptor(address(disk, number), new ProtectionScheme.Replicated(1), size, size);
        try (ChunkWriter writer = server.chunkStore().create(descriptor)) {
            writer.write(data.duplicate());
            writer.commit(checksums).get();
        }
        long old = number - KEPT_BYTES / size;
        if (old > 0) {
            server.chunkStore().delete(address(disk, old));
        }
    }

    private static final ThreadLocal<ByteBuffer> TARGET =
            ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(1 << 20));

    private static void read(DataServer server, DiskId disk, long last, int size) throws Exception {
        long recent = Math.min(last - 100, 1000);
        long number = Math.max(1, last - 100 - ThreadLocalRandom.current().nextLong(Math.max(1, recent)));
        server.chunkStore().read(address(disk, number), 0, TARGET.get().clear().limit(size));
    }
}
