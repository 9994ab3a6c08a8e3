package io.coffer.it.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.WriteOnceLoad;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The Compose file brings up a cluster by itself, behind a load balancer; under load one container of each kind is killed in turn, two are
 * cut off from the network, and one of each kind is restarted. No request fails after the client's ordinary retries, nothing acknowledged is lost,
 * {@code coffer admin status} says when redundancy is back, and a gateway's restart costs no client even a retry.
 */
class ContainerClusterIT {
    private static final String BUCKET = "containers";
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration REDUNDANT = Duration.ofMinutes(2);

    /** Each look costs a JVM's start. */
    private static final Duration POLL = Duration.ofSeconds(3);

    /** Requests that must be answered while something is broken. */
    private static final int MEANWHILE = 30;

    private static final Duration MEANWHILE_TIMEOUT = Duration.ofMinutes(1);

    @Test
    void anyContainerMayBeKilledCutOffOrRestarted() throws Exception {
        ComposedCluster.assumePossible();
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ContainerClusterIT: seed " + seed);
        Random random = new Random(seed);
        Watch watch = new Watch();
        try (ComposedCluster cluster = ComposedCluster.start()) {
            boolean passed = false;
            try {
                URI s3 = cluster.s3();
                awaitS3(s3);
                watch.say("the cluster serves S3");
                try (WriteOnceLoad load = new WriteOnceLoad(s3, BUCKET, random)) {
                    awaitRedundancy(cluster);
                    watch.say("the cluster is whole");
                    for (String victim : List.of(
                            "gateway-1",
                            "dataserver-" + (1 + random.nextInt(4)),
                            "metaserver-" + (1 + random.nextInt(3)))) {
                        cluster.kill(victim);
                        meanwhile(cluster, load);
                        cluster.start(victim);
                        awaitRedundancy(cluster);
                        watch.say("killed and back: " + victim);
                    }
                    for (String victim :
                            List.of("dataserver-" + (1 + random.nextInt(4)), "metaserver-" + (1 + random.nextInt(3)))) {
                        cluster.disconnect(victim);
                        meanwhile(cluster, load);
                        cluster.connect(victim);
                        awaitRedundancy(cluster);
                        watch.say("cut off and back: " + victim);
                    }
                    for (String restarted : List.of(
                            "gateway-1",
                            "dataserver-" + (1 + random.nextInt(4)),
                            "metaserver-" + (1 + random.nextInt(3)))) {
                        long retries = load.retries();
                        cluster.restart(restarted);
                        awaitReady(cluster, restarted);
                        awaitRedundancy(cluster);
                        watch.say("restarted: " + restarted + ", " + (load.retries() - retries) + " retries");
                        if (restarted.startsWith("gateway")) {
                            assertThat(load.retries()).as("retries").isEqualTo(retries);
                        }
                    }
                    load.stop();
                    load.readBack();
                    watch.say(load.acknowledged() + " objects written and read back, " + load.answered()
                            + " requests answered with " + load.retries() + " retries, the longest in "
                            + load.longest());
                    assertThat(load.failures()).isEmpty();
                }
                passed = true;
            } finally {
                if (!passed) {
                    System.out.println(cluster.logs(40));
                }
            }
        }
        watch.say("stopped");
    }

    /** The load goes on without what is broken, and the cluster has noticed. */
    private static void meanwhile(ComposedCluster cluster, WriteOnceLoad load) {
        long before = load.answered();
        Awaitility.await("requests are answered")
                .atMost(MEANWHILE_TIMEOUT)
                .until(() -> load.answered() >= before + MEANWHILE);
        Awaitility.await("the cluster notices")
                .atMost(MEANWHILE_TIMEOUT)
                .pollInterval(POLL)
                .ignoreExceptions()
                .until(() -> status(cluster).path("nodesDown").asInt() > 0);
        assertThat(load.failures()).isEmpty();
    }

    private static void awaitReady(ComposedCluster cluster, String service) {
        Awaitility.await(service + " is ready")
                .atMost(START)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .until(() -> cluster.isReady(service));
    }

    private static void awaitRedundancy(ComposedCluster cluster) {
        Awaitility.await("redundancy is whole")
                .atMost(REDUNDANT)
                .pollInterval(POLL)
                .ignoreExceptions()
                .untilAsserted(() -> {
                    JsonNode status = status(cluster);
                    assertThat(status.path("nodes").asInt()).isEqualTo(9);
                    assertThat(status.path("nodesDown").asInt()).isZero();
                    assertThat(status.path("volumes").asInt()).isPositive();
                    assertThat(status.path("redundancy").asString()).isEqualTo("WHOLE");
                });
    }

    /** Asked where nothing is broken here. */
    private static JsonNode status(ComposedCluster cluster) throws Exception {
        return cluster.admin("gateway-2", "status");
    }

    /** Until a gateway is behind the load balancer, that answers 503. */
    private static void awaitS3(URI s3) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            Awaitility.await("S3 is served")
                    .atMost(START)
                    .pollInterval(Duration.ofMillis(500))
                    .ignoreExceptions()
                    .until(() -> client.send(
                                            HttpRequest.newBuilder(s3)
                                                    .timeout(Duration.ofSeconds(5))
                                                    .build(),
                                            HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 403);
        }
    }

    /** Says what took how long. */
    private static final class Watch {
        private long since = System.nanoTime();

        void say(String what) {
            long now = System.nanoTime();
            System.out.println("ContainerClusterIT: " + what + " ("
                    + Duration.ofNanos(now - since).toMillis() + " ms)");
            since = now;
        }
    }
}
