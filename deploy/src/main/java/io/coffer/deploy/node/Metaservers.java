package io.coffer.deploy.node;

import io.coffer.common.cluster.ClusterMap;
import io.coffer.common.cluster.Node;
import io.coffer.common.config.HostPort;
import io.coffer.common.id.NodeId;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** What is known of the other nodes: first the metaservers that the configuration names, then the map as well. Thread-safe. */
final class Metaservers {
    private final List<HostPort> configured;
    private volatile Supplier<ClusterMap> map = () -> ClusterMap.EMPTY;

    Metaservers(List<HostPort> configured) {
        this.configured = List.copyOf(configured);
    }

    /** @param map the map as it is known; asked now and then */
    void follow(Supplier<ClusterMap> map) {
        this.map = map;
    }

    List<HostPort> all() {
        return Stream.concat(
                        configured.stream(),
                        map.get().nodes().values().stream()
                                .filter(node -> node.role() == Node.Role.METASERVER)
                                .map(Node::address)
                                .flatMap(Metaservers::parse))
                .distinct()
                .toList();
    }

    /** Whether a node was removed from the cluster, as far as is known. */
    boolean isRemoved(NodeId node) {
        return map.get().removed().containsKey(node);
    }

    /** The map may name anything; who registered it is to blame. */
    private static Stream<HostPort> parse(String address) {
        try {
            return Stream.of(HostPort.parse(address));
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }
}
