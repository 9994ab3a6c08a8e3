package io.coffer.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.deploy.cluster.Liveness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A cluster that {@code ./coffer cluster start} made in a directory: separate processes on loopback, run the way users run them. Every
 * process that is left is killed at the end.
 */
public final class ClusterProcesses implements AutoCloseable {
    private static final Duration SOON = Duration.ofMinutes(2);

    /** Of metadata: the system's and three for buckets. */
    private static final int GROUPS = 4;

    private final Path directory;
    private final Map<String, String> environment;
    private final List<Line> started;

    /** A line of {@code cluster status --json}. */
    public record Line(String name, String role, String address, long pid, String state) {}

    private ClusterProcesses(Path directory, Map<String, String> environment) throws IOException, InterruptedException {
        this.directory = directory;
        this.environment = environment;
        this.started = status();
    }

    /** Starts a cluster and waits until all of it is ready. */
    public static ClusterProcesses start(Path directory, int metaservers, int dataservers, int gateways)
            throws IOException, InterruptedException {
        return start(directory, Map.of(), metaservers, dataservers, gateways);
    }

    /**
     * The same.
     *
     * @param environment what its processes find there, each what it knows
     */
    public static ClusterProcesses start(
            Path directory, Map<String, String> environment, int metaservers, int dataservers, int gateways)
            throws IOException, InterruptedException {
        boolean ready = false;
        try {
            CofferCommand.run(
                    environment,
                    "cluster",
                    "start",
                    "--dir",
                    directory.toString(),
                    "--metaservers",
                    Integer.toString(metaservers),
                    "--dataservers",
                    Integer.toString(dataservers),
                    "--gateways",
                    Integer.toString(gateways),
                    "--s3-port",
                    Integer.toString(freeRow(2 * gateways)));
            ClusterProcesses cluster = new ClusterProcesses(directory, environment);
            ready = true;
            return cluster;
        } finally {
            if (!ready) {
                killAll(directory);
            }
        }
    }

    /** The first of some ports in a row that are free, and that the system gives to no connection. */
    private static int freeRow(int count) throws IOException {
        Random random = new Random();
        for (int tries = 0; tries < 1000; tries++) {
            int first = random.nextInt(12_000, 32_768 - count);
            if (areFree(first, count)) {
                return first;
            }
        }
        throw new IOException("no " + count + " free ports in a row");
    }

    private static boolean areFree(int first, int count) {
        for (int i = 0; i < count; i++) {
            try (ServerSocket socket = new ServerSocket(first + i, 1, InetAddress.getLoopbackAddress())) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }

    public List<Line> status() throws IOException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        for (JsonNode line : JsonMapper.shared()
                .readTree(CofferCommand.run("cluster", "status", "--json", "--dir", directory.toString()))) {
            lines.add(new Line(
                    line.path("name").asString(),
                    line.path("role").asString(),
                    line.path("address").asString(),
                    line.path("pid").asLong(0),
                    line.path("state").asString()));
        }
        return lines;
    }

    /** The processes of a role, as they were started. */
    public List<String> names(String role) {
        return started.stream()
                .filter(line -> line.role().equals(role))
                .map(Line::name)
                .toList();
    }

    /** Where the gateways serve S3. */
    public List<URI> gateways() {
        return started.stream()
                .filter(line -> line.role().equals("gateway"))
                .map(line -> URI.create("http://" + line.address()))
                .toList();
    }

    /** The admin interface of the n-th gateway: the port behind its S3. */
    public URI admin(int gateway) {
        URI s3 = gateways().get(gateway);
        return URI.create("http://" + s3.getHost() + ":" + (s3.getPort() + 1));
    }

    /** {@code ./coffer admin … --json}, asked of a gateway. */
    public JsonNode admin(int gateway, String... command) throws IOException, InterruptedException {
        return CofferCommand.admin(admin(gateway).toString(), command);
    }

    /** What {@code coffer admin status} tells, asked of a gateway. */
    public JsonNode adminStatus(int gateway) throws IOException {
        return AdminInterface.status(admin(gateway));
    }

    /** {@code kill -9}, at once. */
    public void kill(String name) throws IOException, InterruptedException {
        ProcessHandle process = process(name);
        process.destroyForcibly();
        awaitEnd(process);
    }

    private static void awaitEnd(ProcessHandle process) throws InterruptedException {
        if (!Liveness.awaitEnd(process, SOON)) {
            throw new IllegalStateException("process " + process.pid() + " doesn't end");
        }
    }

    /** Freezes a process, as a host without time for it would. */
    public void freeze(String name) throws IOException, InterruptedException {
        signal(name, "-STOP");
    }

    public void thaw(String name) throws IOException, InterruptedException {
        signal(name, "-CONT");
    }

    private void signal(String name, String signal) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(process(name).pid()))
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Stops a process in good order; returns when it has ended. */
    public void stop(String name) throws IOException, InterruptedException {
        ProcessHandle process = process(name);
        process.destroy();
        awaitEnd(process);
    }

    /** Stops a process in good order, if it runs, and starts it again; returns when it is ready. */
    public void restart(String name) throws IOException, InterruptedException {
        CofferCommand.run(environment, "cluster", "restart", name, "--dir", directory.toString());
    }

    /** What Prometheus would get from a process, line by line. */
    public List<String> metrics(String name) throws IOException {
        String config = Files.readString(directory.resolve(name).resolve("config.yaml"));
        String admin = config.lines()
                .dropWhile(line -> !line.startsWith("admin:"))
                .skip(1)
                .findFirst()
                .orElseThrow()
                .replace("address:", "")
                .strip();
        return new String(
                        URI.create("http://" + admin + "/metrics")
                                .toURL()
                                .openStream()
                                .readAllBytes(),
                        StandardCharsets.UTF_8)
                .lines()
                .toList();
    }

    /** Waits until a metaserver is one of three members of each metadata group, and no group has stopped on it. */
    public void awaitMember(String metaserver) {
        Awaitility.await(metaserver + " is one of three members of each group")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(values(metaserver, "coffer_raft_members"))
                            .hasSize(GROUPS)
                            .containsOnly(3.0);
                    assertThat(values(metaserver, "coffer_metadata_stopped"))
                            .hasSize(GROUPS)
                            .containsOnly(0.0);
                });
    }

    /** The values of a metric with labels, one for each set of them. */
    public List<Double> values(String name, String metric) throws IOException {
        return metrics(name).stream()
                .filter(line -> line.startsWith(metric + "{"))
                .map(line -> Double.valueOf(line.substring(line.lastIndexOf(' ') + 1)))
                .toList();
    }

    /** Where a process keeps what it keeps. */
    public Path directory(String name) {
        return directory.resolve(name);
    }

    private ProcessHandle process(String name) throws IOException {
        String pid = Files.readString(directory.resolve(name).resolve("pid")).split(" ", 2)[0];
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow(() -> new IOException(name + " doesn't run"));
    }

    /** The last lines that every process wrote, for a test that failed. */
    public String logs(int lines) throws IOException {
        StringBuilder all = new StringBuilder();
        for (Line line : started) {
            Path log = directory.resolve(line.name()).resolve("log");
            List<String> written = Files.exists(log) ? Files.readAllLines(log) : List.of();
            all.append("== ").append(line.name()).append('\n');
            written.subList(Math.max(0, written.size() - lines), written.size())
                    .forEach(text -> all.append(text).append('\n'));
        }
        return all.toString();
    }

    /** Stops everything in good order. */
    public void stop() throws IOException, InterruptedException {
        CofferCommand.run("cluster", "stop", "--dir", directory.toString());
    }

    @Override
    public void close() throws IOException {
        killAll(directory);
    }

    private static void killAll(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (Stream<Path> nodes = Files.list(directory)) {
            for (Path node : nodes.toList()) {
                Path pid = node.resolve("pid");
                if (Files.isRegularFile(pid)) {
                    ProcessHandle.of(Long.parseLong(Files.readString(pid).split(" ", 2)[0]))
                            .filter(process -> process.info()
                                    .commandLine()
                                    .map(line -> line.contains(node.toString()))
                                    .orElse(true))
                            .ifPresent(process -> {
                                process.destroyForcibly();
                                process.onExit().join();
                            });
                }
            }
        }
    }
}
