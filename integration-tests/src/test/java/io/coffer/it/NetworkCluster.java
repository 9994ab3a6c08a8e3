package io.coffer.it;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A cluster whose processes are hosts of a {@link HostNetwork}, set up the way docs/operations/cluster.md tells: the first metaserver founds
 * it, each other process joins with a token. Every process that is left is killed at the end.
 */
public final class NetworkCluster implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
    private static final int RPC_PORT = 9100;
    private static final int RAFT_PORT = 9101;
    private static final int CHUNKS_PORT = 9200;
    private static final int S3_PORT = 9000;
    private static final int ADMIN_PORT = 9001;

    private final Path directory;
    private final HostNetwork network;
    private final String metaservers;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, Process> running = new LinkedHashMap<>();

    private record Host(int number, String role) {}

    private NetworkCluster(Path directory, HostNetwork network, int metaservers, int dataservers, int gateways) {
        this.directory = directory;
        this.network = network;
        add("metaserver", metaservers);
        add("dataserver", dataservers);
        add("gateway", gateways);
        this.metaservers = String.join(
                ", ",
                IntStream.rangeClosed(1, metaservers)
                        .mapToObj(host -> '"' + network.address(host) + ":" + RPC_PORT + '"')
                        .toList());
    }

    private void add(String role, int count) {
        for (int i = 1; i <= count; i++) {
            hosts.put(role + "-" + i, new Host(hosts.size() + 1, role));
        }
    }

    /** Makes the network and the cluster on it, and waits until all of it is ready. */
    public static NetworkCluster start(Path directory, int metaservers, int dataservers, int gateways)
            throws IOException, InterruptedException {
        HostNetwork network = HostNetwork.make(metaservers + dataservers + gateways);
        NetworkCluster cluster = new NetworkCluster(directory, network, metaservers, dataservers, gateways);
        boolean ready = false;
        try {
            cluster.found();
            ready = true;
            return cluster;
        } finally {
            if (!ready) {
                cluster.close();
            }
        }
    }

    private void found() throws IOException, InterruptedException {
        String first = hosts.keySet().iterator().next();
        configure(first, "initialize: true\n");
        launch(first);
        awaitReady(first);
        for (String name : hosts.keySet()) {
            if (!name.equals(first)) {
                String token = CofferCommand.admin(
                                admin(first).toString(),
                                "token",
                                "create",
                                "--role",
                                host(name).role())
                        .path("token")
                        .asString();
                Files.createDirectories(directory.resolve(name));
                Files.writeString(directory.resolve(name).resolve("token"), token);
                configure(name, "");
                launch(name);
            }
        }
        for (String name : hosts.keySet()) {
            awaitReady(name);
        }
    }

    private void configure(String name, String more) throws IOException {
        Path own = Files.createDirectories(directory.resolve(name));
        String at = address(name);
        String text = """
                node:
                  name: %s
                  location: site/rack/%s
                  directory: "%s/data"
                  metaservers: [%s]
                %s
                admin:
                  address: "%s:%d"
                """.formatted(
                        name,
                        name,
                        own,
                        metaservers,
                        Files.exists(own.resolve("token")) ? "  token-file: \"" + own + "/token\"" : "",
                        at,
                        ADMIN_PORT);
        String role = switch (host(name).role()) {
            case "metaserver" ->
                "rpc:\n  address: \"%s:%d\"\nraft:\n  address: \"%s:%d\"\n".formatted(at, RPC_PORT, at, RAFT_PORT);
            case "dataserver" ->
                "disks: [\"%s/disk\"]\nchunks:\n  address: \"%s:%d\"\n".formatted(own, at, CHUNKS_PORT);
            default -> "s3:\n  address: \"%s:%d\"\n".formatted(at, S3_PORT);
        };
        Files.writeString(own.resolve("config.yaml"), text + role + more);
    }

    private void launch(String name) throws IOException {
        Path own = directory.resolve(name);
        List<String> command = new ArrayList<>(network.on(host(name).number()));
        command.addAll(List.of(
                CofferCommand.program().toString(),
                host(name).role(),
                "--config",
                own.resolve("config.yaml").toString()));
        running.put(
                name,
                CofferCommand.process(command)
                        .redirectErrorStream(true)
                        .redirectOutput(own.resolve("log").toFile())
                        .start());
    }

    private void awaitReady(String name) {
        Path log = directory.resolve(name).resolve("log");
        Awaitility.await(name + " is ready (see " + log + ")")
                .atMost(READY_TIMEOUT)
                .failFast(name + " has ended", () -> !process(name).isAlive())
                .until(() -> Files.readString(log).lines().anyMatch(line -> line.startsWith("ready")));
    }

    private Host host(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("there is no " + name);
        }
        return host;
    }

    private Process process(String name) {
        Process process = running.get(name);
        if (process == null) {
            throw new IllegalArgumentException(name + " was never started");
        }
        return process;
    }

    private String address(String name) {
        return network.address(host(name).number());
    }

    private URI admin(String name) {
        return URI.create("http://" + address(name) + ":" + ADMIN_PORT);
    }

    /** The processes of a role. */
    public List<String> names(String role) {
        return hosts.keySet().stream()
                .filter(name -> host(name).role().equals(role))
                .toList();
    }

    /** Where the gateways serve S3. */
    public List<URI> gateways() {
        return names("gateway").stream()
                .map(name -> URI.create("http://" + address(name) + ":" + S3_PORT))
                .toList();
    }

    /** {@code ./coffer admin … --json}, asked of a gateway. */
    public JsonNode admin(int gateway, String... command) throws IOException, InterruptedException {
        return CofferCommand.admin(admin(names("gateway").get(gateway)).toString(), command);
    }

    /** The network, and which of its hosts a process is. */
    public HostNetwork network() {
        return network;
    }

    public int number(String name) {
        return host(name).number();
    }

    /** Stops everything in good order: what others need last. */
    public void stop() throws InterruptedException {
        for (String role : List.of("gateway", "dataserver", "metaserver")) {
            List<Process> ending = names(role).stream().map(this::process).toList();
            ending.forEach(Process::destroy);
            for (Process process : ending) {
                process.waitFor();
            }
        }
    }

    @Override
    public void close() throws IOException {
        Stream.of(running.values().toArray(Process[]::new)).forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
        network.close();
    }
}
