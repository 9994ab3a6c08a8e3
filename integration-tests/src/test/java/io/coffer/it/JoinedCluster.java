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
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;

/**
 * A cluster with a host for each process, set up the way docs/operations/cluster.md tells: the first metaserver founds it, each other
 * process joins with a token. Every process that is left is killed at the end.
 */
public final class JoinedCluster implements AutoCloseable {
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
    private static final int RPC_PORT = 9100;
    private static final int RAFT_PORT = 9101;
    private static final int CHUNKS_PORT = 9200;
    private static final int S3_PORT = 9000;
    private static final int ADMIN_PORT = 9001;

    private final Path directory;
    private final Hosts places;
    private final String metaservers;
    private final Map<String, Host> hosts = new LinkedHashMap<>();
    private final Map<String, Process> running = new LinkedHashMap<>();

    private record Host(int number, String role) {}

    private final Map<String, Map<String, String>> variables;

    private JoinedCluster(
            Path directory,
            Hosts places,
            Map<String, Map<String, String>> variables,
            int metaservers,
            int dataservers,
            int gateways) {
        this.directory = directory;
        this.places = places;
        this.variables = variables;
        add("metaserver", metaservers);
        add("dataserver", dataservers);
        add("gateway", gateways);
        this.metaservers = String.join(
                ", ",
                IntStream.rangeClosed(1, metaservers)
                        .mapToObj(host -> '"' + places.address(host) + ":" + RPC_PORT + '"')
                        .toList());
    }

    private void add(String role, int count) {
        for (int i = 1; i <= count; i++) {
            hosts.put(role + "-" + i, new Host(hosts.size() + 1, role));
        }
    }

    /** Makes a cluster and waits until all of it is ready. */
    public static JoinedCluster start(Path directory, Hosts places, int metaservers, int dataservers, int gateways)
            throws IOException, InterruptedException {
        return start(directory, places, Map.of(), metaservers, dataservers, gateways);
    }

    /**
     * The same.
     *
     * @param variables of the environment of these processes
     */
    public static JoinedCluster start(
            Path directory,
            Hosts places,
            Map<String, Map<String, String>> variables,
            int metaservers,
            int dataservers,
            int gateways)
            throws IOException, InterruptedException {
        JoinedCluster cluster = new JoinedCluster(directory, places, variables, metaservers, dataservers, gateways);
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
                invite(name, admin(first));
            }
        }
        for (String name : hosts.keySet()) {
            awaitReady(name);
        }
    }

    private void invite(String name, URI admin) throws IOException, InterruptedException {
        String token = CofferCommand.admin(
                        admin.toString(),
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

    /** One more process of a role; returns when it is ready. */
    public void join(String name, String role) throws IOException, InterruptedException {
        hosts.put(name, new Host(hosts.size() + 1, role));
        invite(name, admin(names("gateway").getFirst()));
        awaitReady(name);
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
        List<String> command = new ArrayList<>(places.on(host(name).number()));
        command.addAll(List.of(
                CofferCommand.program().toString(),
                host(name).role(),
                "--config",
                own.resolve("config.yaml").toString()));
        ProcessBuilder builder = CofferCommand.process(command)
                .redirectErrorStream(true)
                .redirectOutput(own.resolve("log").toFile());
        variables
                .getOrDefault(name, Map.of())
                .forEach((variable, value) -> builder.environment()
                        .merge(
                                variable,
                                value,
                                (before, more) ->
                                        variable.equals(CofferCommand.JAVA_OPTS) ? before + " " + more : more));
        running.put(name, builder.start());
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
        return places.address(host(name).number());
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

    /** Those of a role that run now. */
    public List<String> running(String role) {
        return names(role).stream().filter(name -> process(name).isAlive()).toList();
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

    /** What {@code coffer admin status} tells, asked of a gateway. */
    public JsonNode adminStatus(int gateway) throws IOException {
        return AdminInterface.status(admin(names("gateway").get(gateway)));
    }

    /** Which host a process has. */
    public int number(String name) {
        return host(name).number();
    }

    /** {@code kill -9}, at once. */
    public void kill(String name) {
        process(name).destroyForcibly();
        process(name).onExit().join();
    }

    /** SIGTERM, if it runs; returns when it has ended. */
    public void stop(String name) throws InterruptedException {
        process(name).destroy();
        process(name).waitFor();
    }

    /** Stops a process in good order, if it runs, and starts it again; returns when it is ready. */
    public void restart(String name) throws IOException, InterruptedException {
        stop(name);
        launch(name);
        awaitReady(name);
    }

    /** Starts a process that is to end by itself; returns its exit code. */
    public int startInVain(String name) throws IOException, InterruptedException {
        launch(name);
        return awaitEnd(name);
    }

    /** Waits for a process to end by itself; returns its exit code. */
    public int awaitEnd(String name) throws InterruptedException {
        Process process = process(name);
        if (!process.waitFor(READY_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(name + " doesn't end by itself");
        }
        return process.exitValue();
    }

    /** What the process has logged since it was last started. */
    public String log(String name) throws IOException {
        return Files.readString(directory.resolve(name).resolve("log"));
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
    public void close() {
        Stream.of(running.values().toArray(Process[]::new)).forEach(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }
}
