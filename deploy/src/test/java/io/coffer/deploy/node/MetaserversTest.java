package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.NodeId;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class MetaserversTest {
    private static Node node(int number, Node.Role role) {
        return node(number, role, "host-" + number + ":1");
    }

    private static Node node(int number, Node.Role role, String address) {
        return new Node(
                new NodeId(new UUID(1, number)), role, "n" + number, "s/r/h", address, "", Node.State.UP, false);
    }

    @Test
    void thoseThatCameLaterAreKnownToo() {
        Metaservers metaservers = new Metaservers(List.of(HostPort.parse("old:1"), HostPort.parse("host-1:1")));
        assertThat(metaservers.all()).extracting(HostPort::toString).containsExactly("old:1", "host-1:1");
        ClusterMap map = ClusterMap.of(
                1,
                List.of(
                        node(1, Node.Role.METASERVER),
                        node(4, Node.Role.METASERVER, "what"),
                        node(2, Node.Role.METASERVER),
                        node(3, Node.Role.GATEWAY)),
                List.of(),
                List.of(),
                List.of());
        metaservers.follow(() -> map);
        assertThat(metaservers.all()).extracting(HostPort::toString).containsExactly("old:1", "host-1:1", "host-2:1");
    }
}
