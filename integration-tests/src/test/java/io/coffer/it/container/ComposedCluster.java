package io.coffer.it.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.Frame;
import io.coffer.it.CofferCommand;
import io.coffer.it.StoreProcess;
import io.coffer.rules.Checkout;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The cluster of {@code deploy/docker/compose.yaml}, started by {@code docker compose up -d}, on a free port of this host. Its containers
 * can be killed and cut off by their services' names.
 */
final class ComposedCluster implements AutoCloseable {
    private static final List<String> IMAGES = List.of("coffer:latest", "coffer-load-balancer:latest");
    private static final String SERVICE = "com.docker.compose.service";
    private static final String PROJECT = "com.docker.compose.project";
    private static final int COMMAND_SECONDS = 60;

    /** Begins the names of everything that belongs to this cluster. */
    private final String name = "coffer-it-" + ProcessHandle.current().pid();

    private final ComposeContainer compose;
    private final DockerClient docker = DockerClientFactory.instance().client();

    private ComposedCluster(File file) {
        // Port 0: Docker takes a free one.
        this.compose = new ComposeContainer(name, file)
                .withPull(false)
                .withEnv(Map.of(
                        "COFFER_ROOT_ACCESS_KEY",
                        StoreProcess.ACCESS_KEY,
                        "COFFER_ROOT_SECRET_KEY",
                        StoreProcess.SECRET_KEY,
                        "COFFER_JAVA_OPTS",
                        CofferCommand.SHORT_LIVED,
                        "COFFER_S3_PORT",
                        "0"));
    }

    /** Skips the test, and says why, where the images can't be run. */
    static void assumePossible() throws InterruptedException {
        for (String image : IMAGES) {
            ContainerEngine.assumeImage(image);
        }
        ContainerEngine.assumeCompose();
    }

    /** Returns when {@code docker compose up -d} does: every process was invited and started. */
    static ComposedCluster start() {
        ComposedCluster cluster = new ComposedCluster(composeFile());
        boolean started = false;
        try {
            cluster.compose.start();
            started = true;
            return cluster;
        } finally {
            if (!started) {
                System.out.println(cluster.logs(20));
                cluster.close();
            }
        }
    }

    private static File composeFile() {
        return Checkout.directory().resolve("deploy/docker/compose.yaml").toFile();
    }

    /** Where the load balancer serves S3. */
    URI s3() {
        return Arrays.stream(container("load-balancer").getPorts())
                .filter(port -> port.getPublicPort() != null)
                .map(port -> URI.create("http://127.0.0.1:" + port.getPublicPort()))
                .findFirst()
                .orElseThrow();
    }

    /** {@code kill -9}; Docker leaves a container that was killed so as it is. */
    void kill(String service) {
        docker.killContainerCmd(container(service).getId()).exec();
    }

    void start(String service) {
        docker.startContainerCmd(container(service).getId()).exec();
    }

    /** Stops it as {@code docker restart} does, with SIGTERM, and starts it again. */
    void restart(String service) {
        docker.restartContainerCmd(container(service).getId())
                .withTimeout(COMMAND_SECONDS)
                .exec();
    }

    /** Pulls its network cable. Connections aren't closed: nothing comes any more. */
    void disconnect(String service) {
        docker.disconnectFromNetworkCmd()
                .withNetworkId(network())
                .withContainerId(container(service).getId())
                .exec();
    }

    /** Plugs it in again. */
    void connect(String service) {
        docker.connectToNetworkCmd()
                .withNetworkId(network())
                .withContainerId(container(service).getId())
                .withContainerNetwork(new ContainerNetwork().withAliases(service))
                .exec();
    }

    private String network() {
        return docker.listNetworksCmd().exec().stream()
                .filter(network -> network.getName().startsWith(name))
                .findFirst()
                .orElseThrow()
                .getId();
    }

    /** What the process says of itself. */
    boolean isReady(String service) throws IOException, InterruptedException {
        return exec(service, List.of("ready", "localhost", Integer.toString(adminPort(service))))
                        .code()
                == 0;
    }

    /** {@code coffer admin … --json}, run in a container that serves the admin interface. */
    JsonNode admin(String service, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of("coffer", "admin", "--admin", "http://127.0.0.1:" + adminPort(service), "--json"));
        all.addAll(List.of(command));
        Executed executed = exec(service, all);
        if (executed.code() != 0) {
            throw new IOException(String.join(" ", all) + " ended with " + executed);
        }
        return JsonMapper.shared().readTree(executed.output());
    }

    /** As the Compose file has them. */
    private static int adminPort(String service) {
        return switch (service.substring(0, service.indexOf('-'))) {
            case "gateway" -> 9001;
            case "metaserver" -> 9102;
            case "dataserver" -> 9202;
            default -> throw new IllegalArgumentException(service + " has no admin interface");
        };
    }

    private record Executed(long code, String output) {}

    private Executed exec(String service, List<String> command) throws IOException, InterruptedException {
        String exec = docker.execCreateCmd(container(service).getId())
                .withCmd(command.toArray(String[]::new))
                .withAttachStdout(true)
                .withAttachStderr(true)
                .exec()
                .getId();
        Output output = new Output();
        if (!docker.execStartCmd(exec).exec(output).awaitCompletion(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(String.join(" ", command) + " doesn't end");
        }
        Long code = docker.inspectExecCmd(exec).exec().getExitCodeLong();
        if (code == null) {
            throw new IOException(String.join(" ", command) + " has no end: " + output);
        }
        return new Executed(code, output.toString());
    }

    /** The last lines that every container wrote, for a test that failed. */
    String logs(int lines) {
        StringBuilder all = new StringBuilder();
        for (Container container : containers()) {
            all.append("== ").append(container.getLabels().get(SERVICE)).append(' ');
            all.append(container.getStatus()).append('\n').append(log(container, lines));
        }
        return all.toString();
    }

    private Output log(Container container, int lines) {
        Output output = new Output();
        try {
            docker.logContainerCmd(container.getId())
                    .withStdOut(true)
                    .withStdErr(true)
                    .withTail(lines)
                    .exec(output)
                    .awaitCompletion(COMMAND_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return output;
    }

    private Container container(String service) {
        return containers().stream()
                .filter(container -> service.equals(container.getLabels().get(SERVICE)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no container of " + service));
    }

    private List<Container> containers() {
        return docker.listContainersCmd().withShowAll(true).exec().stream()
                .filter(container ->
                        container.getLabels().getOrDefault(PROJECT, "").startsWith(name))
                .toList();
    }

    /** Removes everything, volumes too. */
    @Override
    public void close() {
        compose.stop();
    }

    /** Both streams of a command. */
    private static final class Output extends ResultCallback.Adapter<Frame> {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void onNext(Frame frame) {
            bytes.writeBytes(frame.getPayload());
        }

        @Override
        public String toString() {
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }
}
