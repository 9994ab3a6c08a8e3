package io.coffer.deploy.cluster;

import io.coffer.common.cluster.Node;
import io.coffer.common.io.FileSystem;
import io.coffer.common.io.RealFileSystem;
import io.coffer.deploy.admin.AdminClient;
import io.coffer.deploy.admin.AdminFailure;
import io.coffer.deploy.server.RootCredentials;
import io.coffer.deploy.server.StartException;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A cluster of processes in one directory of this host. Used by one command at a time: it holds the directory's lock. */
final class LocalCluster implements AutoCloseable {
    private static final String LOCK = "lock";

    /** Nine JVMs on two busy cores take their time. */
    private static final Duration READY_TIMEOUT = Duration.ofMinutes(3);

    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);

    private static final int FIRST_PORT = 12_000;

    /** Linux' first ephemeral port, unless told otherwise. */
    private static final int FIRST_SYSTEM_PORT = 32_768;

    private static final int PORT_TRIES = 1000;

    private final FileSystem directory;
    private final String path;
    private final String launcher;
    private final FileSystem.Lock lock;

    private LocalCluster(FileSystem directory, String path, String launcher, FileSystem.Lock lock) {
        this.directory = directory;
        this.path = path;
        this.launcher = launcher;
        this.lock = lock;
    }

    /** For a command that changes something; others of its kind are kept out meanwhile. */
    static LocalCluster open(String dir, String launcher) throws IOException {
        String path = new File(dir).getCanonicalPath();
        FileSystem directory = at(path);
        directory.createDirectories("");
        return new LocalCluster(directory, path, launcher, directory.lock(LOCK));
    }

    /** For a command that only looks. */
    static LocalCluster look(String dir, String launcher) throws IOException {
        String path = new File(dir).getCanonicalPath();
        return new LocalCluster(at(path), path, launcher, () -> {});
    }

    private static FileSystem at(String path) {
        return RealFileSystem.at("/").subdirectory(path.substring(1));
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    /** A process and what it does. */
    record Line(ClusterNode node, Optional<Long> pid, NodeProcess.State state) {}

    List<Line> status() throws IOException, StartException {
        List<Line> lines = new ArrayList<>();
        for (ClusterNode node : layout().nodes()) {
            NodeProcess process = process(node);
            lines.add(new Line(node, process.running().map(ProcessHandle::pid), process.state()));
        }
        return lines;
    }

    /** Founds the cluster if there is none yet, and starts what doesn't run. Returns when every process is ready. */
    RootCredentials start(ClusterLayout.Size size, String protection, Map<String, String> environment)
            throws IOException, StartException, InterruptedException, AdminFailure {
        ClusterLayout layout = founded(size);
        RootCredentials root = RootCredentials.find(environment, directory, new SecureRandom());
        Map<String, String> variables = Map.of(
                RootCredentials.ACCESS_VARIABLE, root.accessKey(),
                RootCredentials.SECRET_VARIABLE, root.secretKey());
        NodeFiles files = new NodeFiles(directory, path, layout);
        ClusterNode first = layout.of(Node.Role.METASERVER).getFirst();
        if (!files.exist(first)) {
            files.write(first, "", protection);
        }
        boolean founding = !allExist(files, layout);
        if (founding) {
            NodeProcess founder = process(first);
            founder.start(files.config(first), variables);
            founder.awaitReady(READY_TIMEOUT);
            invite(files, layout, root, protection);
        }
        for (ClusterNode node : layout.nodes()) {
            process(node).start(files.config(node), node.role() == Node.Role.DATASERVER ? Map.of() : variables);
        }
        for (ClusterNode node : layout.nodes()) {
            process(node).awaitReady(READY_TIMEOUT);
        }
        return root;
    }

    private static boolean allExist(NodeFiles files, ClusterLayout layout) throws IOException {
        for (ClusterNode node : layout.nodes()) {
            if (!files.exist(node)) {
                return false;
            }
        }
        return true;
    }

    /** Makes a token and the configuration of each process that has none yet. */
    private static void invite(NodeFiles files, ClusterLayout layout, RootCredentials root, String protection)
            throws IOException, AdminFailure {
        ClusterNode first = layout.of(Node.Role.METASERVER).getFirst();
        try (AdminClient client = new AdminClient(
                URI.create(first.adminUrl()),
                root.accessKey(),
                root.secretKey(),
                Optional.empty(),
                InstantSource.system())) {
            for (ClusterNode node : layout.nodes()) {
                if (!files.exist(node)) {
                    String token = client.post(Map.of("role", node.role().name().toLowerCase(Locale.ROOT)), "tokens")
                            .path("token")
                            .asString();
                    files.write(node, token, protection);
                }
            }
        }
    }

    private ClusterLayout founded(ClusterLayout.Size size) throws IOException, StartException {
        Optional<ClusterLayout> existing = ClusterLayout.read(directory);
        if (existing.isPresent()) {
            return existing.get();
        }
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < 2 * size.gateways(); i++) {
            taken.add(size.s3Port() + i);
        }
        ClusterLayout made = ClusterLayout.of(size, () -> freePort(taken));
        made.write(directory);
        return made;
    }

    /**
     * Not one that the system would choose: those also go to connections, and one of these could have it just when a process
     * that was killed is started again.
     */
    private static int freePort(Set<Integer> taken) throws IOException {
        Random random = new SecureRandom();
        for (int tries = 0; tries < PORT_TRIES; tries++) {
            int port = random.nextInt(FIRST_PORT, FIRST_SYSTEM_PORT);
            if (!taken.contains(port) && isFree(port)) {
                taken.add(port);
                return port;
            }
        }
        throw new IOException("there is no free port from " + FIRST_PORT + " to " + (FIRST_SYSTEM_PORT - 1));
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** Stops everything: gateways first, so that they still find what they need for the requests in flight. */
    void stop() throws IOException, StartException, InterruptedException {
        ClusterLayout layout = layout();
        for (Node.Role role : List.of(Node.Role.GATEWAY, Node.Role.DATASERVER, Node.Role.METASERVER)) {
            List<ClusterNode> nodes = layout.of(role);
            for (ClusterNode node : nodes) {
                process(node).running().ifPresent(ProcessHandle::destroy);
            }
            for (ClusterNode node : nodes) {
                process(node).terminate(STOP_TIMEOUT);
            }
        }
    }

    void kill(String name) throws IOException, StartException, InterruptedException {
        process(layout().require(name)).kill(STOP_TIMEOUT);
    }

    /** Stops a process, if it runs, and starts it again; returns when it is ready. */
    void restart(String name, Map<String, String> environment)
            throws IOException, StartException, InterruptedException {
        ClusterLayout layout = layout();
        ClusterNode node = layout.require(name);
        RootCredentials root = RootCredentials.find(environment, directory, new SecureRandom());
        NodeProcess process = process(node);
        process.terminate(STOP_TIMEOUT);
        process.start(
                new NodeFiles(directory, path, layout).config(node),
                node.role() == Node.Role.DATASERVER
                        ? Map.of()
                        : Map.of(
                                RootCredentials.ACCESS_VARIABLE, root.accessKey(),
                                RootCredentials.SECRET_VARIABLE, root.secretKey()));
        process.awaitReady(READY_TIMEOUT);
    }

    private ClusterLayout layout() throws IOException, StartException {
        return ClusterLayout.read(directory)
                .orElseThrow(() -> new StartException("there is no cluster in " + path + ": start one"));
    }

    private NodeProcess process(ClusterNode node) {
        return new NodeProcess(node, directory.subdirectory(node.name()), path + "/" + node.name(), launcher);
    }
}
