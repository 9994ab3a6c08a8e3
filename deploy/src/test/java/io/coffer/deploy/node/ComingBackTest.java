package io.coffer.deploy.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.coffer.common.time.WallClock;
import io.coffer.deploy.admin.AdminClient;
import io.coffer.deploy.server.StartException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that come back to their cluster after long, elsewhere, or not at all. */
final class ComingBackTest {
    private static final byte[] BODY = new byte[100_000];

    static {
        Arrays.fill(BODY, (byte) 7);
    }

    private static void put(SmallCluster cluster) throws Exception {
        assertThat(cluster.request("PUT", "/kept", new byte[0]).statusCode()).isEqualTo(200);
        assertThat(cluster.request("PUT", "/kept/object", BODY).statusCode()).isEqualTo(200);
    }

    private static void get(SmallCluster cluster) throws Exception {
        HttpResponse<byte[]> got = cluster.request("GET", "/kept/object", new byte[0]);
        assertThat(got.statusCode()).isEqualTo(200);
        assertThat(got.body()).isEqualTo(BODY);
    }

    private static List<String> addresses(SmallCluster cluster) throws Exception {
        try (AdminClient admin = cluster.admin()) {
            return StreamSupport.stream(admin.get("nodes").path("items").spliterator(), false)
                    .map(node -> node.path("address").asString())
                    .toList();
        }
    }

    /** The walk of docs/operations/recover.md. */
    @Test
    void aClusterThatWasOffForTwoYearsComesBack(@TempDir Path directory) throws Exception {
        try (SmallCluster cluster = new SmallCluster(directory)) {
            put(cluster);
            cluster.stop();
            Duration off = Duration.ofDays(730);
            cluster.setClock(() -> WallClock.SYSTEM.millis() + off.toMillis());

            cluster.startMetaserver();
            assertThatThrownBy(() -> cluster.startDataserver(""))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("has expired")
                    .hasMessageContaining("another token");
            cluster.startDataserver(cluster.token("dataserver"));
            cluster.startGateway(cluster.token("gateway"));

            get(cluster);
            assertThat(addresses(cluster))
                    .as("they are the nodes that they were")
                    .hasSize(3);
            // Also those of the metaserver are good for the next start.
            cluster.stop();
            cluster.startMetaserver();
            cluster.startDataserver("");
            cluster.startGateway("");
            get(cluster);
        }
    }

    @Test
    void processesThatAreReachedElsewhereAreFoundThere(@TempDir Path directory) throws Exception {
        try (SmallCluster cluster = new SmallCluster(directory)) {
            put(cluster);
            cluster.stop();
            cluster.move("localhost");

            cluster.startMetaserver();
            cluster.startDataserver("");
            cluster.startGateway("");

            assertThat(addresses(cluster))
                    .containsExactlyInAnyOrderElementsOf(
                            cluster.addresses().stream().map(Object::toString).toList());
            get(cluster);
        }
    }

    @Test
    void aMetaserverThatSharesItsGroupsIsToldToKeepItsRaftAddress(@TempDir Path directory) throws Exception {
        try (SmallCluster cluster = new SmallCluster(directory);
                AdminClient admin = cluster.admin()) {
            RoleProcess second = cluster.startSecondMetaserver(cluster.token("metaserver"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> StreamSupport.stream(
                                    admin.get("metaservers").path("items").spliterator(), false)
                            .allMatch(group -> group.toString().contains("meta-2")));
            // It has to know so itself.
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(cluster.metrics("second metaserver")
                                    .lines()
                                    .filter(line -> line.startsWith("coffer_raft_members{")))
                            .isNotEmpty()
                            .allMatch(line -> line.endsWith(" 2.0")));
            second.close();
            cluster.startSecondMetaserver("").close();
            cluster.moveSecondMetaserversRaft();

            assertThatThrownBy(() -> cluster.startSecondMetaserver(""))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining("look for the Raft groups of this one at 127.0.0.1:")
                    .hasMessageContaining("or replace this metaserver");
        }
    }

    @Test
    void aNodeThatIsRemovedIsDismissedWhileItRunsAndWhenItStartsAgain(@TempDir Path directory) throws Exception {
        try (SmallCluster cluster = new SmallCluster(directory);
                AdminClient admin = cluster.admin()) {
            AtomicInteger dismissed = new AtomicInteger();
            AtomicReference<Thread> starting = new AtomicReference<>();
            cluster.stop();
            cluster.onDismissal(() -> {
                dismissed.incrementAndGet();
                Thread interrupted = starting.get();
                if (interrupted != null) {
                    interrupted.interrupt();
                }
            });
            cluster.startMetaserver();
            cluster.startDataserver("");
            cluster.startGateway("");
            assertThat(dismissed).hasValue(0);

            admin.tell("DELETE", "nodes", "gate");

            await().atMost(Duration.ofMinutes(1)).until(() -> dismissed.get() == 1);
            assertThat(addresses(cluster)).hasSize(2);
            cluster.stopLast();
            starting.set(Thread.currentThread());
            assertThatThrownBy(() -> cluster.startGateway("")).isInstanceOf(InterruptedException.class);
            assertThat(dismissed).hasValue(2);
        }
    }
}
