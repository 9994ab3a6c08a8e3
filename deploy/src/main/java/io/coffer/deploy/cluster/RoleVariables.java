package io.coffer.deploy.cluster;

import io.coffer.common.cluster.Node;
import io.coffer.common.config.ConfigKey;
import io.coffer.common.config.ConfigSchema;
import io.coffer.deploy.node.DataserverConfig;
import io.coffer.deploy.node.GatewayConfig;
import io.coffer.deploy.node.MetaserverConfig;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which variables of the environment that all processes of a cluster are started in each of them gets. A process refuses what it doesn't
 * know; so it isn't given what is meant for others.
 */
final class RoleVariables {
    private RoleVariables() {}

    /** Takes out what only processes of other roles know. What nobody knows stays, and is refused. */
    static void narrow(Map<String, String> environment, Node.Role role) {
        Set<String> own = known(role);
        Set<String> others = Stream.of(Node.Role.values())
                .flatMap(other -> known(other).stream())
                .filter(variable -> !own.contains(variable))
                .collect(Collectors.toSet());
        environment.keySet().removeAll(others);
    }

    private static Set<String> known(Node.Role role) {
        Class<? extends Record> configuration = switch (role) {
            case METASERVER -> MetaserverConfig.class;
            case DATASERVER -> DataserverConfig.class;
            case GATEWAY -> GatewayConfig.class;
        };
        return ConfigSchema.of(configuration).keys().stream()
                .map(ConfigKey::variable)
                .collect(Collectors.toSet());
    }
}
