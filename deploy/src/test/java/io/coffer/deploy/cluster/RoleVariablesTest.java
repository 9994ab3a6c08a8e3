package io.coffer.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.common.cluster.Node;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RoleVariablesTest {
    private static Map<String, String> narrowed(Node.Role role) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "PATH", "/bin",
                "COFFER_ROOT_ACCESS_KEY", "key",
                "COFFER_S3_SOSAPI", "true",
                "COFFER_ENCRYPTION_ROOT_KEY", "secret",
                "COFFER_MEMORY_CACHE", "1 MiB",
                "COFFER_REPAIR_BANDWIDTH", "1 MiB",
                "COFFER_NODE_NAME", "name",
                "COFFER_NOBODYS", "x"));
        RoleVariables.narrow(environment, role);
        return environment;
    }

    @Test
    void eachRoleGetsItsOwnWhatAllKnowAndWhatNobodyKnows() {
        assertThat(narrowed(Node.Role.GATEWAY))
                .containsOnlyKeys(
                        "PATH",
                        "COFFER_ROOT_ACCESS_KEY",
                        "COFFER_S3_SOSAPI",
                        "COFFER_ENCRYPTION_ROOT_KEY",
                        "COFFER_NODE_NAME",
                        "COFFER_NOBODYS");
        assertThat(narrowed(Node.Role.METASERVER))
                .containsOnlyKeys(
                        "PATH", "COFFER_ROOT_ACCESS_KEY", "COFFER_MEMORY_CACHE", "COFFER_NODE_NAME", "COFFER_NOBODYS");
        assertThat(narrowed(Node.Role.DATASERVER))
                .containsOnlyKeys(
                        "PATH",
                        "COFFER_ROOT_ACCESS_KEY",
                        "COFFER_REPAIR_BANDWIDTH",
                        "COFFER_NODE_NAME",
                        "COFFER_NOBODYS");
    }
}
