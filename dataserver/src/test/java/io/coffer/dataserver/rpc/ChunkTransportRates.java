package io.coffer.dataserver.rpc;

import io.coffer.common.checksum.BlockChecksums;
import io.coffer.common.chunk.ChunkAddress;
import io.coffer.common.chunk.ChunkDescriptor;
import io.coffer.common.chunk.ChunkStore;
import io.coffer.common.chunk.ChunkWriter;
import io.coffer.common.chunk.remote.ChunkClientOptions;
import io.coffer.common.chunk.remote.RemoteChunkStores;
import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.cluster.ProtectionScheme;
import io.coffer.common.id.DiskId;
import io.coffer.common.id.ExtentId;
import io.coffer.common.id.VolumeId;
import io.coffer.common.io.RealFileSystem;
import io.coffer.common.rpc.ClusterTls;
import io.coffer.common.rpc.NodeIdentity;
import io.coffer.common.time.Ticker;
import io.coffer.common.time.WallClock;
import io.coffer.dataserver.DataServer;
import io.coffer.dataserver.DataServerOptions;
import io.coffer.dataserver.DiskConfig;
import io.coffer.dataserver.chunk.OpenStore;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * The framed protocol beside gRPC, in turns of a second, so that whatever else the machine does meets all: throughput, latency, and the processor
 * time of both ends, which are processes of their own. Behind decision 0010; run as {@code ChunkTransportRates DIRECTORY SECONDS}, where the
 * directory is in memory, so that the disk is no part of it; {@code -Dkinds=framed} leaves gRPC out.
 */
public final class ChunkTransportRates {
    private static final int KEPT = 64;
    private static final VolumeId VOLUME = new VolumeId(1);
    private static final long TURN_MILLIS = 1000;

    /** Bytes and threads; latency last, when the code is warm. */
    private static final int[][] RUNS = {{4 << 10, 32}, {64 << 10, 8}, {1 << 20, 8}, {4 << 10, 1}};

    private ChunkTransportRates() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 1) {
            serve(arguments[0]);
        } else {
            measure(arguments[0], Integer.parseInt(arguments[1]));
        }
    }

    // The server's process

    private static void serve(String directory) throws Exception {
        NodeIdentity identity =
                NodeIdentity.load(RealFileSystem.at(directory + "/identity")).orElseThrow();
        ClusterTls tls = new ClusterTls(() -> identity);
        PrintStream out = System.out;
        DataServer data = DataServer.open(
                List.of(DiskConfig.of(directory + "/disk")),
                OpenStore.CLUSTER,
                OpenStore.NODE,
                DataServerOptions.DEFAULT,
                new DataServer.Surroundings(
                        RealFileSystem::at, WallClock.SYSTEM, Ticker.SYSTEM, RandomGenerator.getDefault(), (c, w) -> {
                            throw new IllegalStateException(w);
                        }));
        List<Integer> ports = new ArrayList<>();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        for (var context : Arrays.asList(null, tls.chunkServer())) {
            ports.add(ChunkServer.start(
                            data.chunkStore(),
                            OpenStore.CLUSTER,
                            OpenStore.NODE,
                            any,
                            context,
                            ChunkServerOptions.DEFAULT)
                    .address()
                    .getPort());
        }
        for (ServerCredentials credentials : List.of(InsecureServerCredentials.create(), tls.server())) {
            Server server = Grpc.newServerBuilderForPort(0, credentials)
                    .executor(Executors.newFixedThreadPool(8))
                    .addService(GrpcChunks.byProtobuf().serve(data.chunkStore()))
                    .addService(GrpcChunks.byOwnMarshaller().serve(data.chunkStore()))
                    .build()
                    .start();
            ports.add(server.getPort());
        }
        out.println("disk " + data.disks().getFirst().disk());
        ports.forEach(out::println);
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in));
        while (commands.readLine() != null) {
            out.println(cpuNanos());
        }
        System.exit(0);
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    // The client's

    private interface Calls {
        void read(ChunkAddress chunk, ByteBuffer target) throws Exception;

        void write(ChunkAddress chunk, ByteBuffer data, int[] sums) throws Exception;

        void delete(ChunkAddress chunk) throws Exception;
    }

    private record Kind(String name, Calls calls) {}

    private static final class Sums {
        long operations;
        long nanos;
        long clientCpu;
        long serverCpu;
        final List<Long> latencies = new ArrayList<>();
    }

    private static final class Peer {
        private final Process process;
        private final PrintStream commands;
        private final BufferedReader answers;

        Peer(String directory) throws Exception {
            List<String> command = new ArrayList<>(List.of(
                    System.getProperty("java.home") + "/bin/java",
                    "--add-modules=jdk.incubator.vector",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Xmx1g",
                    "-cp",
                    System.getProperty("java.class.path"),
                    ChunkTransportRates.class.getName(),
                    directory));
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            commands = new PrintStream(process.getOutputStream(), true);
            answers = process.inputReader();
        }

        String line() throws Exception {
            return answers.readLine();
        }

        long cpu() throws Exception {
            commands.println();
            return Long.parseLong(line());
        }
    }

    private static void measure(String directory, int seconds) throws Exception {
        RealFileSystem.at(directory).deleteRecursively("disk");
        RealFileSystem.at(directory + "/identity").createDirectories("");
        TestTls.SHARED.dataserver.save(RealFileSystem.at(directory + "/identity"));
        Peer peer = new Peer(directory);
        DiskId disk = DiskId.parse(peer.line().substring("disk ".length()));
        int[] ports = new int[4];
        for (int i = 0; i < ports.length; i++) {
            ports[i] = Integer.parseInt(peer.line());
        }
        ChannelCredentials secure = new ClusterTls(() -> TestTls.SHARED.caller).channel(Node.Role.DATASERVER);
        ChunkStore framed = framed(ports[0], false);
        List<Kind> all = List.of(
                new Kind("framed, plain", framed(framed)),
                new Kind("framed, TLS", framed(framed(ports[1], true))),
                new Kind(
                        "gRPC protobuf, plain",
                        grpc(GrpcChunks.byProtobuf(), ports[2], InsecureChannelCredentials.create(), framed)),
                new Kind("gRPC protobuf, TLS", grpc(GrpcChunks.byProtobuf(), ports[3], secure, framed)),
                new Kind(
                        "gRPC own, plain",
                        grpc(GrpcChunks.byOwnMarshaller(), ports[2], InsecureChannelCredentials.create(), framed)),
                new Kind("gRPC own, TLS", grpc(GrpcChunks.byOwnMarshaller(), ports[3], secure, framed)));
        List<Kind> kinds = all.stream()
                .filter(kind -> kind.name().startsWith(System.getProperty("kinds", "")))
                .toList();
        for (int[] run : RUNS) {
            for (boolean reading : new boolean[] {true, false}) {
                measure(peer, kinds, disk, run[0], run[1], reading, seconds);
            }
        }
        peer.process.destroy();
        System.exit(0);
    }

    private static ChunkStore framed(int port, boolean secure) {
        ClusterMap map =
                ClusterMap.of(1, List.of(new Node(OpenStore.NODE, "a/b/c", "127.0.0.1:" + port)), List.of(), List.of());
        return new RemoteChunkStores(
                        () -> map,
                        new RemoteChunkStores.Caller(
                                OpenStore.CLUSTER, Wire.CALLER, null, secure ? TestTls.SHARED.client() : null),
                        ChunkClientOptions.DEFAULT)
                .of(OpenStore.NODE)
                .orElseThrow();
    }

    private static ChunkDescriptor descriptor(ChunkAddress chunk, int length) {
        return new ChunkDescriptor(chunk, new ProtectionScheme.Replicated(1), length, length);
    }

    private static Calls framed(ChunkStore store) {
        return new Calls() {
            @Override
            public void read(ChunkAddress chunk, ByteBuffer target) throws Exception {
                store.read(chunk, 0, target);
            }

            @Override
            public void write(ChunkAddress chunk, ByteBuffer data, int[] sums) throws Exception {
                try (ChunkWriter writer = store.create(descriptor(chunk, data.remaining()))) {
                    writer.write(data);
                    writer.commit(sums).get();
                }
            }

            @Override
            public void delete(ChunkAddress chunk) throws Exception {
                store.delete(chunk);
            }
        };
    }

    private static <M> Calls grpc(GrpcChunks<M> kind, int port, ChannelCredentials credentials, ChunkStore deleting) {
        List<ManagedChannel> channels = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            channels.add(Grpc.newChannelBuilderForAddress("127.0.0.1", port, credentials)
                    .directExecutor()
                    .maxInboundMessageSize(4 << 20)
                    .build());
        }
        AtomicLong turns = new AtomicLong();
        return new Calls() {
            private Channel channel() {
                return channels.get((int) (turns.getAndIncrement() % channels.size()));
            }

            @Override
            public void read(ChunkAddress chunk, ByteBuffer target) throws Exception {
                kind.read(channel(), chunk, target);
            }

            @Override
            public void write(ChunkAddress chunk, ByteBuffer data, int[] sums) throws Exception {
                kind.write(channel(), descriptor(chunk, data.remaining()), data, sums);
            }

            @Override
            public void delete(ChunkAddress chunk) throws Exception {
                deleting.delete(chunk);
            }
        };
    }

    private static final AtomicLong NUMBERS = new AtomicLong();

    private static ChunkAddress chunk(DiskId disk) {
        long number = NUMBERS.incrementAndGet();
        return new ChunkAddress(disk, VOLUME, 1, new ExtentId(1_700_000_000_000L + number << 16, number), 0);
    }

    private static void measure(
            Peer peer, List<Kind> kinds, DiskId disk, int size, int threads, boolean reading, int seconds)
            throws Exception {
        byte[] bytes = new byte[size];
        new Random(1).nextBytes(bytes);
        BlockChecksums blocks = new BlockChecksums();
        blocks.update(ByteBuffer.wrap(bytes));
        int[] sums = blocks.result();
        List<ChunkAddress> kept = new ArrayList<>();
        for (int i = 0; reading && i < KEPT; i++) {
            ChunkAddress chunk = chunk(disk);
            kinds.getFirst().calls().write(chunk, ByteBuffer.wrap(bytes), sums);
            kept.add(chunk);
        }
        List<Sums> totals = new ArrayList<>();
        kinds.forEach(kind -> totals.add(new Sums()));
        for (int round = -3; round < seconds; round++) {
            for (int i = 0; i < kinds.size(); i++) {
                Sums into = round < 0 ? new Sums() : totals.get(i);
                turn(peer, kinds.get(i).calls(), disk, kept, bytes, sums, threads, into);
            }
        }
        System.out.printf(
                "%s %d KiB, %d threads%n%-22s %9s %9s %11s %11s %9s %9s%n",
                reading ? "read" : "write",
                size >> 10,
                threads,
                "",
                "/s",
                "GB/s",
                "client s/GB",
                "server s/GB",
                "p50 us",
                "p99 us");
        for (int i = 0; i < kinds.size(); i++) {
            Sums sum = totals.get(i);
            double gigabytes = (double) sum.operations * size / 1e9;
            sum.latencies.sort(null);
            System.out.printf(
                    "%-22s %9.0f %9.2f %11.2f %11.2f %9.0f %9.0f%n",
                    kinds.get(i).name(),
                    sum.operations * 1e9 / sum.nanos,
                    gigabytes * 1e9 / sum.nanos,
                    sum.clientCpu / 1e9 / gigabytes,
                    sum.serverCpu / 1e9 / gigabytes,
                    sum.latencies.get(sum.latencies.size() / 2) / 1e3,
                    sum.latencies.get(sum.latencies.size() * 99 / 100) / 1e3);
        }
        for (ChunkAddress chunk : kept) {
            kinds.getFirst().calls().delete(chunk);
        }
    }

    private static void turn(
            Peer peer,
            Calls calls,
            DiskId disk,
            List<ChunkAddress> kept,
            byte[] bytes,
            int[] sums,
            int threads,
            Sums into)
            throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ConcurrentLinkedQueue<ChunkAddress> written = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<List<Long>> latencies = new ConcurrentLinkedQueue<>();
        List<Thread> running = new ArrayList<>();
        long serverCpu = peer.cpu();
        long clientCpu = cpuNanos();
        long start = System.nanoTime();
        for (int i = 0; i < threads; i++) {
            int first = i;
            running.add(Thread.ofVirtual().start(() -> {
                ByteBuffer buffer =
                        ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
                List<Long> own = new ArrayList<>();
                try {
                    for (int next = first; !over.get(); next++) {
                        long begun = System.nanoTime();
                        if (kept.isEmpty()) {
                            ChunkAddress chunk = chunk(disk);
                            calls.write(chunk, buffer.clear(), sums);
                            written.add(chunk);
                        } else {
                            calls.read(kept.get(next % kept.size()), buffer.clear());
                        }
                        own.add(System.nanoTime() - begun);
                    }
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                latencies.add(own);
            }));
        }
        Thread.sleep(TURN_MILLIS);
        over.set(true);
        for (Thread thread : running) {
            thread.join();
        }
        into.nanos += System.nanoTime() - start;
        into.clientCpu += cpuNanos() - clientCpu;
        into.serverCpu += peer.cpu() - serverCpu;
        latencies.forEach(into.latencies::addAll);
        into.operations = into.latencies.size();
        for (ChunkAddress chunk : written) {
            calls.delete(chunk);
        }
    }
}
