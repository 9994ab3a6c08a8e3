package io.coffer.metaserver;

import static org.awaitility.Awaitility.await;

import io.coffer.common.cluster.MetadataGroup;
import io.coffer.common.id.NodeId;
import io.coffer.common.metadata.remote.RemoteMetadataClient;
import io.coffer.common.time.Ticker;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Metaservers in processes of their own, which can be killed and stopped as the operating system does it. */
final class MetaProcesses implements AutoCloseable {
    private static final int HEAP_MEGABYTES = 192;

    private final Path directory;
    private final int groups;
    private final int[] rpcPorts;
    private final int[] raftPorts;
    private final Map<Integer, Process> processes = new TreeMap<>();

    MetaProcesses(Path directory, int count, int groups) throws IOException {
        this.directory = directory;
        this.groups = groups;
        rpcPorts = new int[count];
        raftPorts = new int[count];
        for (int i = 0; i < count; i++) {
            rpcPorts[i] = MetaCluster.freePort();
            raftPorts[i] = MetaCluster.freePort();
        }
    }

    void start(int number) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:+UseSerialGC",
                "-Dcoffer.test.log=INFO",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MetaNode.class.getName(),
                Integer.toString(number),
                directory.resolve("meta-" + number).toString(),
                Integer.toString(rpcPorts[number]),
                Integer.toString(raftPorts[number]),
                Integer.toString(groups)));
        command.addAll(seeds());
        processes.put(
                number,
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(logOf(number)))
                        .start());
    }

    private File logOf(int number) {
        return directory.resolve("meta-" + number + ".log").toFile();
    }

    List<String> seeds() {
        List<String> seeds = new ArrayList<>();
        for (int port : rpcPorts) {
            seeds.add("127.0.0.1:" + port);
        }
        return seeds;
    }

    RemoteMetadataClient client() {
        return new RemoteMetadataClient(
                MetaCluster.PLAIN, seeds(), RemoteMetadataClient.Settings.DEFAULT, Ticker.SYSTEM);
    }

    /** The number of a node. */
    static int number(NodeId node) {
        return (int) node.value().getLeastSignificantBits();
    }

    /** Waits until all groups have all servers as members; the first of each leads. */
    Map<?, MetadataGroup> awaitGroups(RemoteMetadataClient client) {
        await().atMost(Servers.PATIENCE).until(() -> {
            var planned = client.watch().current().groups().values();
            return planned.size() == groups + 1
                    && planned.stream()
                            .allMatch(group ->
                                    !group.founding() && group.members().size() == rpcPorts.length);
        });
        return client.watch().current().groups();
    }

    /** Ends it as a power cut would: nothing is flushed, nobody is told. */
    void kill(int number) throws InterruptedException {
        Process process = processes.remove(number);
        process.destroyForcibly();
        process.waitFor();
    }

    /** Ends it in order, as an operator does. */
    void end(int number) throws IOException, InterruptedException {
        Process process = processes.remove(number);
        process.getOutputStream().close();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("server " + number + " doesn't end");
        }
    }

    /** Stops it in its tracks, connections open, or lets it go on. */
    void freeze(int number, boolean now) throws IOException, InterruptedException {
        Process signal = new ProcessBuilder(
                        "kill",
                        now ? "-STOP" : "-CONT",
                        Long.toString(processes.get(number).pid()))
                .start();
        if (signal.waitFor() != 0) {
            throw new IOException("no signal to " + number);
        }
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes.values()) {
            process.destroyForcibly();
        }
        for (Process process : processes.values()) {
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
