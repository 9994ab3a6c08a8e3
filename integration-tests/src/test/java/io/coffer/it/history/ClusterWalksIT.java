package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.JoinedCluster;
import io.coffer.it.LoopbackHosts;
import io.coffer.rules.Checkout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The walks of docs/operations/cluster.md, under load: each admin command that is used here stands on that page. */
class ClusterWalksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMinutes(2);

    /** Nodes are given up soon, so that the test needn't wait. */
    private static final Map<String, String> HASTY = Map.of("COFFER_LIVENESS_LOST_AFTER", "15s");

    private String page = "";
    private JoinedCluster cluster;
    private ClusterHistory history;

    @BeforeEach
    void readThePage() throws Exception {
        page = Files.readString(Checkout.directory().resolve("docs/operations/cluster.md"));
    }

    @Test
    void nodesComeGoAndAreReplacedUnderLoad(@TempDir Path directory) throws Exception {
        Map<String, Map<String, String>> hasty =
                Map.of("metaserver-1", HASTY, "metaserver-2", HASTY, "metaserver-3", HASTY, "metaserver-4", HASTY);
        try (JoinedCluster started = JoinedCluster.start(directory, new LoopbackHosts(), hasty, 3, 3, 2)) {
            cluster = started;
            history = ClusterHistory.start("ClusterWalksIT", cluster.gateways());
            try {
                history.pause(2, 1);
                addAndEmptyADataserver();
                replaceALostDataserver();
                replaceAMetaserver();
                restartEverything();
            } finally {
                history.stop();
            }
            history.judge(PATIENCE, () -> cluster.admin(0, "status"));
            assertThat(cluster.admin(0, "node", "list").toString())
                    .contains("dataserver-4", "dataserver-5", "metaserver-4")
                    .doesNotContain("dataserver-1", "dataserver-2", "metaserver-1");
        }
    }

    private void addAndEmptyADataserver() throws Exception {
        join("dataserver-4", "dataserver");
        history.say("drain dataserver-1");
        admin("node", "drain", "dataserver-1");
        awaitNoMention("dataserver-1", "volume", "list");
        cluster.stop("dataserver-1");
        admin("node", "remove", "dataserver-1");
        awaitWhole();
    }

    private void replaceALostDataserver() throws Exception {
        history.say("kill dataserver-2");
        cluster.kill("dataserver-2");
        join("dataserver-5", "dataserver");
        awaitNoMention("dataserver-2", "volume", "list");
        admin("repair", "status");
        awaitWhole();
        admin("node", "remove", "dataserver-2");
    }

    private void replaceAMetaserver() throws Exception {
        join("metaserver-4", "metaserver");
        history.say("replace metaserver-1");
        admin("metaserver", "add", "metaserver-4");
        admin("metaserver", "remove", "metaserver-1");
        awaitNoMention("metaserver-1", "metaserver", "list");
        // Also by the groups themselves, before it stops.
        awaitWhole();
        cluster.stop("metaserver-1");
        admin("node", "remove", "metaserver-1");
    }

    private void restartEverything() throws Exception {
        for (String name : List.of(
                "metaserver-2",
                "metaserver-3",
                "metaserver-4",
                "dataserver-3",
                "dataserver-4",
                "dataserver-5",
                "gateway-1",
                "gateway-2")) {
            history.say("restart " + name);
            cluster.restart(name);
            awaitWhole();
        }
    }

    private void join(String name, String role) throws Exception {
        history.say("add " + name);
        assertThat(page).contains("coffer admin token create --role");
        cluster.join(name, role);
        assertThat(admin("node", "list").toString()).contains(name);
    }

    /** Gateways restart too: whichever answers. */
    private JsonNode admin(String... command) throws Exception {
        String documented = "coffer admin " + String.join(" ", List.of(command).subList(0, 2));
        assertThat(page).contains(command[0].equals("status") ? "coffer admin status" : documented);
        return cluster.admin(0, command);
    }

    private void awaitNoMention(String node, String... command) {
        Awaitility.await(node + " isn't named any more by " + String.join(" ", command))
                .atMost(SOON)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(admin(command).toString()).doesNotContain(node));
    }

    private void awaitWhole() {
        Awaitility.await("redundancy is whole")
                .atMost(SOON)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(
                                cluster.admin(0, "status").path("redundancy").asString())
                        .isEqualTo("WHOLE"));
    }
}
