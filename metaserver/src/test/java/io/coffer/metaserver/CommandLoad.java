package io.coffer.metaserver;

import io.coffer.common.id.AccountId;
import io.coffer.common.id.BucketId;
import io.coffer.common.id.ClusterId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.GroupId;
import io.coffer.common.id.NodeId;
import io.coffer.common.id.PartitionId;
import io.coffer.common.id.RequestId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.metadata.BucketCommand.OpenPartition;
import io.coffer.common.metadata.BucketCommand.PutObject;
import io.coffer.common.metadata.BucketQuery;
import io.coffer.common.metadata.ExtentSlice;
import io.coffer.common.metadata.MetadataClient;
import io.coffer.common.metadata.ObjectAttributes;
import io.coffer.common.metadata.Partition;
import io.coffer.common.metadata.PartitionRef;
import io.coffer.common.metadata.Payload;
import io.coffer.common.metadata.VersionSelector;
import io.coffer.common.metadata.Versioning;
import io.coffer.common.metadata.WriteCondition;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.metaserver.command.BatchLimits;
import io.coffer.metaserver.command.CommandBatcher;
import io.coffer.metaserver.consensus.GroupSpec;
import io.coffer.metaserver.consensus.Peer;
import io.coffer.metaserver.consensus.RaftSettings;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * Puts through one bucket group on a real disk, durable, as many in flight as asked; then reads. A program, not a test: {@code
 * CommandLoad DIRECTORY [peers=1] [bytes=4096] [seconds=5] [keys=100000] [setting=value]...}. {@code peers=3} is a group of three
 * in this process, over gRPC on the loopback, on one disk; commands go to its leader. {@code bytes=0} puts objects whose bytes are
 * in an extent, so that a command is about 300 bytes.
 */
final class CommandLoad {
    private static final GroupId GROUP = new GroupId(1);
    private static final PartitionRef PARTITION = new PartitionRef(new BucketId(1), new PartitionId(1), 1);
    private static final int[] IN_FLIGHT = {1, 32, 256, 1024};
    private static final long EXTENT_BYTES = 1 << 20;
    private static final int MAX_SAMPLES = 1_000_000;

    private final Map<String, Long> options = new HashMap<>();
    private final Path directory;

    private CommandLoad(String[] args) {
        directory = Path.of(args[0]);
        for (String arg : Arrays.copyOfRange(args, 1, args.length)) {
            options.put(arg.split("=")[0], Long.parseLong(arg.split("=")[1]));
        }
    }

    public static void main(String[] args) throws Exception {
        new CommandLoad(args).run();
        System.exit(0);
    }

    private long option(String name, long otherwise) {
        return options.getOrDefault(name, otherwise);
    }

    /** Opens one server, or three whose group has them all. */
    private List<MetaServer> open() throws Exception {
        if (option("peers", 1) == 1) {
            return List.of(open(alone(directory), directory));
        }
        List<Peer> peers = new ArrayList<>();
        List<ServerSocket> held = new ArrayList<>();
        for (int i = 0; i < option("peers", 1); i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            held.add(socket);
            peers.add(new Peer(new NodeId(new UUID(7, i)), "127.0.0.1:" + socket.getLocalPort(), 0));
        }
        for (ServerSocket socket : held) {
            socket.close();
        }
        List<MetaServer> servers = new ArrayList<>();
        ClusterId cluster = new ClusterId(new UUID(7, 7));
        for (Peer peer : peers) {
            MetaServerIdentity identity = new MetaServerIdentity(cluster, peer.node());
            servers.add(open(
                    config(identity, Optional.of(peer.address()), List.of(new GroupSpec(GROUP, peers))),
                    directory.resolve("node-" + servers.size())));
        }
        return servers;
    }

    private static MetaServer open(MetaServerConfig config, Path directory) throws IOException {
        return MetaServer.open(config, RealFileSystem.at(directory), WallClock.SYSTEM, Ticker.SYSTEM);
    }

    private MetaServerConfig alone(Path directory) throws Exception {
        RealFileSystem files = RealFileSystem.at(directory);
        MetaServerIdentity identity = files.exists("identity")
                ? MetaServerIdentity.read(files).orElseThrow()
                : new MetaServerIdentity(new ClusterId(UUID.randomUUID()), new NodeId(UUID.randomUUID()));
        MetaServerConfig alone = MetaServerConfig.alone(identity);
        return config(identity, alone.address(), alone.groups());
    }

    private static boolean leads(MetaServer server) {
        return server.status().getLast().leads();
    }

    private MetaServerConfig config(MetaServerIdentity identity, Optional<String> address, List<GroupSpec> groups) {
        RaftSettings r = RaftSettings.DEFAULTS;
        BatchLimits b = BatchLimits.DEFAULTS;
        MetaServerConfig alone = MetaServerConfig.alone(identity);
        return new MetaServerConfig(
                identity,
                address,
                groups,
                new RaftSettings(
                        r.electionTimeoutMin(),
                        r.electionTimeoutMax(),
                        r.leaseReads(),
                        option("segment", r.segmentBytes()),
                        option("prealloc", r.preallocatedBytes()),
                        option("checkpoint", r.checkpointLogBytes()),
                        option("checkpointCommands", r.checkpointCommands()),
                        r.keptEntries()),
                new BatchLimits(
                        b.commandBytes(),
                        (int) option("batch", b.batchBytes()),
                        (int) option("batchCommands", b.batchCommands()),
                        (int) option("inflight", b.inFlight()),
                        (int) option("eager", b.eagerCommands()),
                        (int) option("eagerBytes", b.eagerBytes()),
                        b.waitingCommands(),
                        b.waitingBytes(),
                        Duration.ofSeconds(30)),
                option("cache", alone.cacheBytes()),
                option("writeBuffers", alone.writeBufferBytes()));
    }

    private void run() throws Exception {
        long began = System.nanoTime();
        long cpu = cpuNanos();
        List<MetaServer> servers = open();
        for (MetaServer server : servers) {
            server.awaitLeaders(Duration.ofSeconds(60));
        }
        System.out.printf(
                "ready after %d ms, %d ms of CPU%n",
                (System.nanoTime() - began) / 1_000_000, (cpuNanos() - cpu) / 1_000_000);
        if (option("seconds", 5) > 0) {
            load(servers.stream().filter(CommandLoad::leads).findFirst().orElseThrow());
        }
        for (MetaServer server : servers) {
            server.close();
        }
    }

    private void load(MetaServer server) throws Exception {
        MetadataClient client = server.client();
        client.submit(
                        GROUP,
                        RequestId.create(System.currentTimeMillis(), new Random()),
                        new OpenPartition(new BucketId(1), new Partition(new PartitionId(1), "", "", GROUP, 1)))
                .get();
        byte[] bytes = new byte[(int) option("bytes", 4096)];
        new Random(1).nextBytes(bytes);
        long keys = option("keys", 100_000);
        Call put = (key, random) -> client.submit(
                        GROUP,
                        RequestId.create(System.currentTimeMillis(), random),
                        bytes.length == 0
                                ? put(key, EXTENT_BYTES, extent(random))
                                : put(key, bytes.length, new Payload.Inline(ByteBuffer.wrap(bytes))))
                .get();
        Call get = (key, random) -> client.query(
                        GROUP,
                        new BucketQuery.GetObject(
                                PARTITION, key, VersionSelector.LATEST, new BucketQuery.Window.Range(0, 1 << 20)))
                .get();
        LongFunction<String> name = i -> "key/%012d".formatted(i);
        if (option("fill", 0) > 0) {
            fill(put, name, option("fill", 0));
        }
        int seconds = (int) option("seconds", 5);
        measure(server, "warm up", put, name, keys, 64, seconds, false);
        for (int inFlight : options.containsKey("only") ? new int[] {(int) option("only", 0)} : IN_FLIGHT) {
            measure(server, "put", put, name, keys, inFlight, seconds, true);
        }
        if (option("reads", 1) == 0) {
            return;
        }
        Call getWritten = (key, random) -> {
            try {
                get.of(key, random);
            } catch (java.util.concurrent.ExecutionException e) {
                // not written
            }
        };
        measure(server, "warm up", getWritten, name, keys, 4, 2, false);
        measure(server, "get", getWritten, name, keys, 1, 2, true);
        measure(server, "get", getWritten, name, keys, 32, 2, true);
    }

    private interface Call {
        void of(String key, Random random) throws Exception;
    }

    private static void fill(Call put, LongFunction<String> name, long count) throws Exception {
        AtomicLong next = new AtomicLong();
        CountDownLatch latch = new CountDownLatch(256);
        long began = System.nanoTime();
        for (int i = 0; i < 256; i++) {
            int seed = i;
            Thread.startVirtualThread(() -> {
                Random random = new Random(seed);
                try {
                    for (long n; (n = next.getAndIncrement()) < count; ) {
                        put.of(name.apply(n), random);
                    }
                } catch (Exception e) {
                    e.printStackTrace();
                } finally {
                    latch.countDown();
                }
            });
        }
        latch.await();
        System.out.printf("filled with %d in %.1f s%n", count, (System.nanoTime() - began) / 1e9);
    }

    private static void measure(
            MetaServer server,
            String what,
            Call call,
            LongFunction<String> name,
            long keys,
            int inFlight,
            int seconds,
            boolean print)
            throws Exception {
        long[] samples = new long[MAX_SAMPLES];
        AtomicLong done = new AtomicLong();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        CountDownLatch latch = new CountDownLatch(inFlight);
        CommandBatcher.Load before = server.status().getLast().load();
        Map<String, Long> threads = threadMicros();
        long cpu = cpuNanos();
        long began = System.nanoTime();
        for (int t = 0; t < inFlight; t++) {
            int seed = t;
            Thread.startVirtualThread(() -> {
                Random random = new Random(seed);
                try {
                    for (long start; (start = System.nanoTime()) < end; ) {
                        call.of(name.apply(random.nextLong(keys)), random);
                        int n = (int) done.getAndIncrement();
                        if (n < samples.length) {
                            samples[n] = System.nanoTime() - start;
                        }
                    }
                } catch (Exception e) {
                    e.printStackTrace();
                } finally {
                    latch.countDown();
                }
            });
        }
        latch.await();
        if (!print) {
            return;
        }
        double took = (System.nanoTime() - began) / 1e9;
        CommandBatcher.Load after = server.status().getLast().load();
        long proposals = Math.max(1, after.proposals() - before.proposals());
        int count = (int) Math.min(done.get(), samples.length);
        long[] sorted = Arrays.copyOf(samples, count);
        Arrays.sort(sorted);
        System.out.printf(
                "%s %4d in flight: %8.0f/s  p50 %6.0f us  p99 %7.0f us  cpu %6.1f us  %5.1f commands/proposal%n",
                what,
                inFlight,
                done.get() / took,
                sorted[count / 2] / 1e3,
                sorted[(int) (count * 0.99)] / 1e3,
                (cpuNanos() - cpu) / 1e3 / done.get(),
                (double) (after.commands() - before.commands()) / proposals);
        if (Boolean.getBoolean("threads")) {
            threadMicros().forEach((thread, micros) -> {
                double each = (micros - threads.getOrDefault(thread, 0L)) / (double) done.get();
                if (each > 0.3) {
                    System.out.printf("    %-32s %6.1f us%n", thread, each);
                }
            });
        }
    }

    /** CPU of this process' threads, native ones too, by the ends of their names, in microseconds. */
    private static Map<String, Long> threadMicros() throws IOException {
        Map<String, Long> micros = new TreeMap<>();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null) {
                String name = thread.getThreadName().replaceAll("^.*[-@]([A-Za-z])", "$1");
                micros.merge(name, threads.getThreadCpuTime(thread.getThreadId()) / 1000, Long::sum);
            }
        }
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                try {
                    String stat = Files.readString(task.resolve("stat"));
                    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    String name = stat.substring(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
                    if (name.startsWith("rocksdb")
                            || name.startsWith("GC")
                            || name.startsWith("C")
                            || name.startsWith("G1")) {
                        micros.merge(name, (Long.parseLong(words[11]) + Long.parseLong(words[12])) * 10_000, Long::sum);
                    }
                } catch (IOException e) {
                    // ended meanwhile
                }
            }
        }
        return micros;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static Payload extent(Random random) {
        ExtentId id = ExtentId.create(System.currentTimeMillis(), random);
        return new Payload.Extents(List.of(new ExtentSlice(id, new VolumeId(5), GROUP, EXTENT_BYTES, 0, EXTENT_BYTES)));
    }

    private static PutObject put(String key, long size, Payload payload) {
        return new PutObject(
                PARTITION,
                key,
                new AccountId("000000000001"),
                "0123456789abcdef0123456789abcdef",
                size,
                null,
                new ObjectAttributes(Map.of("content-type", "application/octet-stream"), Map.of()),
                payload,
                WriteCondition.NONE,
                Versioning.UNVERSIONED);
    }
}
