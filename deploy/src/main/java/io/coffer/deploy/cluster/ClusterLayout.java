package io.coffer.deploy.cluster;

import io.coffer.common.cluster.Node;
import io.coffer.common.io.FileSystem;
import io.coffer.deploy.server.StartException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** The processes of a cluster on this host and where they listen, as {@code cluster.json} keeps them: restarts change nothing. */
record ClusterLayout(List<ClusterNode> nodes) {
    private static final String FILE = "cluster.json";
    private static final int MAX_FILE_BYTES = 1 << 20;
    private static final String LOOPBACK = "127.0.0.1:";

    ClusterLayout {
        nodes = List.copyOf(nodes);
    }

    /** How many processes of each kind, and the first gateway's port; each gateway takes two. */
    record Size(int metaservers, int dataservers, int gateways, int s3Port) {}

    /** Places the processes; {@code ports} gives free ones. */
    static ClusterLayout of(Size size, FreePorts ports) throws IOException {
        List<ClusterNode> nodes = new ArrayList<>();
        for (int i = 1; i <= size.metaservers(); i++) {
            nodes.add(new ClusterNode(
                    "metaserver-" + i,
                    Node.Role.METASERVER,
                    LOOPBACK + ports.next(),
                    LOOPBACK + ports.next(),
                    LOOPBACK + ports.next()));
        }
        for (int i = 1; i <= size.dataservers(); i++) {
            nodes.add(new ClusterNode(
                    "dataserver-" + i, Node.Role.DATASERVER, LOOPBACK + ports.next(), "", LOOPBACK + ports.next()));
        }
        for (int i = 0; i < size.gateways(); i++) {
            int port = size.s3Port() + 2 * i;
            nodes.add(new ClusterNode(
                    "gateway-" + (i + 1), Node.Role.GATEWAY, LOOPBACK + port, "", LOOPBACK + (port + 1)));
        }
        return new ClusterLayout(nodes);
    }

    /** Gives ports that nobody listens on now. */
    @FunctionalInterface
    interface FreePorts {
        int next() throws IOException;
    }

    static Optional<ClusterLayout> read(FileSystem directory) throws IOException, StartException {
        if (!directory.exists(FILE)) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    JsonMapper.shared().readValue(directory.readSmall(FILE, MAX_FILE_BYTES), ClusterLayout.class));
        } catch (JacksonException e) {
            throw new StartException(FILE + " is damaged", e);
        }
    }

    void write(FileSystem directory) throws IOException {
        directory.replace(
                FILE, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(this));
    }

    List<ClusterNode> of(Node.Role role) {
        return nodes.stream().filter(node -> node.role() == role).toList();
    }

    ClusterNode require(String name) throws StartException {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new StartException("there is no process '" + name + "' in this cluster"));
    }
}
