package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.JoinedCluster;
import io.coffer.it.LoopbackHosts;
import io.coffer.it.WriteOnceLoad;
import io.coffer.rules.Checkout;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The walks of docs/operations/cluster.md, under load: each admin command that is used here stands on that page. A host of each kind has a
 * clock that is off, by an hour or by months, which nobody may notice.
 */
class ClusterWalksIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofMinutes(2);

    /** Nodes are given up soon, so that the test needn't wait. */
    private static final Map<String, String> HASTY = Map.of("COFFER_LIVENESS_LOST_AFTER", "15s");

    private static final Map<String, Map<String, String>> ENVIRONMENT = Map.of(
            "metaserver-1", HASTY,
            "metaserver-2", and(HASTY, off(Duration.ofHours(1))),
            "metaserver-3", HASTY,
            "metaserver-4", HASTY,
            "dataserver-3", off(Duration.ofDays(100)),
            "gateway-1", off(Duration.ofDays(-300)),
            "gateway-2", and(off(Duration.ofHours(1)), Map.of("COFFER_ADVERTISE", "localhost")));

    private static Map<String, String> off(Duration error) {
        return Map.of("COFFER_JAVA_OPTS", "-Dcoffer.clock-error-millis=" + error.toMillis());
    }

    private static Map<String, String> and(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    /** The exit code of a process whose node was removed. */
    private static final int REMOVED = 3;

    private String page = "";
    private JoinedCluster cluster;
    private ClusterHistory history;

    @BeforeEach
    void readThePage() throws Exception {
        page = Files.readString(Checkout.directory().resolve("docs/operations/cluster.md"));
    }

    @Test
    void nodesComeGoAndAreReplacedUnderLoad(@TempDir Path directory) throws Exception {
        try (JoinedCluster started = JoinedCluster.start(directory, new LoopbackHosts(), ENVIRONMENT, 3, 3, 2)) {
            cluster = started;
            history = ClusterHistory.start("ClusterWalksIT", cluster.gateways());
            try {
                othersTakeOver();
                history.pause(2, 1);
                addAndEmptyADataserver();
                replaceALostDataserver();
                replaceAMetaserver();
                restartEverything();
            } finally {
                history.stop();
            }
            history.judge(PATIENCE, () -> cluster.adminStatus(0));
            assertThat(cluster.admin(0, "node", "list").toString())
                    .contains("dataserver-4", "dataserver-5", "metaserver-4")
                    .doesNotContain("dataserver-1", "dataserver-2", "metaserver-1")
                    .as("as it is advertised")
                    .contains("localhost:9000");
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
        aRemovedNodeStaysOut("dataserver-2");
    }

    private void replaceAMetaserver() throws Exception {
        join("metaserver-4", "metaserver");
        history.say("replace metaserver-1");
        admin("metaserver", "add", "metaserver-4");
        admin("metaserver", "remove", "metaserver-1");
        awaitNoMention("metaserver-1", "metaserver", "list");
        // Also by the groups themselves, before it stops.
        awaitWhole();
        admin("node", "remove", "metaserver-1");
        assertThat(cluster.awaitEnd("metaserver-1")).as("it still ran").isEqualTo(REMOVED);
        aRemovedNodeStaysOut("metaserver-1");
    }

    /** docs/operations/join.md: it says why, once, and ends. */
    private void aRemovedNodeStaysOut(String name) throws Exception {
        history.say("start " + name + ", which was removed");
        assertThat(cluster.startInVain(name)).isEqualTo(REMOVED);
        assertThat(cluster.log(name).lines().filter(line -> line.contains("was removed from the cluster")))
                .hasSize(1);
        assertThat(admin("node", "list").toString()).doesNotContain(name);
    }

    /** For stock clients that know all gateways by one name, not one request fails. */
    private void restartEverything() throws Exception {
        URI name =
                URI.create("http://coffer.test:" + cluster.gateways().getFirst().getPort());
        try (WriteOnceLoad load = new WriteOnceLoad(name, "restarts", new Random(), this::addresses)) {
            for (String role : List.of("metaserver", "dataserver", "gateway")) {
                for (String restarted : cluster.running(role)) {
                    long retries = load.retries();
                    history.say("restart " + restarted);
                    cluster.restart(restarted);
                    awaitWhole();
                    history.say("restarted, " + (load.retries() - retries) + " retries of stock clients");
                }
            }
            load.stop();
            load.readBack();
            history.say(load.answered() + " requests of stock clients while everything was restarted, "
                    + load.retries() + " retries, the longest took "
                    + load.longest().toMillis() + " ms");
            assertThat(load.failures()).isEmpty();
        }
    }

    /** All gateways, in any order, as name servers give them. */
    private InetAddress[] addresses(String name) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>();
        for (URI gateway : cluster.gateways()) {
            addresses.add(InetAddress.getByName(gateway.getHost()));
        }
        Collections.shuffle(addresses);
        return addresses.toArray(InetAddress[]::new);
    }

    /** Whoever leads next, its host's clock may be off. */
    private void othersTakeOver() throws Exception {
        history.pause(8, 4);
        String leader = "metaserver-" + (history.answered() % 2 == 0 ? 1 : 3);
        history.say("kill " + leader);
        cluster.kill(leader);
        history.pause(8, 4);
        cluster.restart(leader);
        history.pause(2, 2);
        awaitWhole();
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
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(
                                cluster.adminStatus(0).path("redundancy").asString())
                        .isEqualTo("WHOLE"));
    }
}
