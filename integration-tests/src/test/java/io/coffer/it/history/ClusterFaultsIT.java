package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.ClusterProcesses;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Breaks one process of a cluster after the other under load, and judges what its clients saw: linearizable per key, conditional writes
 * included, every object whole, no request without an answer after ordinary retries, and redundancy that comes back by itself. The seed
 * is printed and replays with {@code -Dseed=}.
 *
 * <p>Nine processes on one machine want minutes of it, so it runs when {@code -Dcoffer.cluster.faults=true} asks for it.
 */
@EnabledIfSystemProperty(named = "coffer.cluster.faults", matches = "true")
class ClusterFaultsIT {
    private static final String BUCKET = "history";
    private static final int CLIENTS = 6;
    private static final int KEYS = 12;

    /** Lengths that are inlined, that fill less and more than one checksum block, and that take several writes. */
    private static final int[] LENGTHS = {16, 4_000, 20_000, 70_000, 700_000};

    private final History history = new History();

    @Test
    void anyProcessMayBeKilledFrozenOrRestarted(@TempDir Path directory) throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("ClusterFaultsIT: seed " + seed);
        Random random = new Random(seed);
        try (ClusterProcesses cluster = ClusterProcesses.start(directory, 3, 4, 2)) {
            List<URI> gateways = cluster.gateways();
            try (RecordingClient client = new RecordingClient(CLIENTS, gateways.getFirst(), BUCKET, history)) {
                client.s3().createBucket(request -> request.bucket(BUCKET));
            }
            SpreadLoad load = new SpreadLoad(
                    CLIENTS,
                    random,
                    gateways,
                    (number, at) -> new RecordingClient(number, at, BUCKET, history),
                    this::request);
            try {
                breakOneAfterTheOther(cluster, random);
            } finally {
                load.stop();
            }
            assertThat(load.failures()).isEmpty();
            assertThat(load.longestWithoutAnswer())
                    .as("how long a client tried in vain")
                    .isLessThan(Duration.ofSeconds(30));
            awaitFullRedundancy(cluster);
            for (URI gateway : gateways) {
                readEverythingOnce(gateway);
            }
            List<KeyOperation> recorded = history.operations();
            System.out.println("ClusterFaultsIT: " + recorded.size() + " operations, " + history.unanswered()
                    + " without an answer, longest wait " + load.longestWithoutAnswer());
            assertThat(LinearizabilityChecker.findViolation(recorded))
                    .as("seed %s", seed)
                    .isEmpty();
            cluster.stop();
        }
    }

    private void breakOneAfterTheOther(ClusterProcesses cluster, Random random) throws Exception {
        pause(3, 2, random);
        for (String role : List.of("gateway", "dataserver", "metaserver")) {
            String victim = pick(cluster.names(role), random);
            System.out.println("ClusterFaultsIT: kill " + victim);
            cluster.kill(victim);
            pause(4, 4, random);
            cluster.restart(victim);
            pause(2, 2, random);
        }
        for (String role : List.of("dataserver", "metaserver")) {
            String victim = pick(cluster.names(role), random);
            System.out.println("ClusterFaultsIT: freeze " + victim);
            cluster.freeze(victim);
            pause(8, 4, random);
            cluster.thaw(victim);
            pause(2, 2, random);
        }
        for (String role : List.of("metaserver", "dataserver", "gateway")) {
            for (String name : cluster.names(role).subList(0, 2)) {
                System.out.println("ClusterFaultsIT: restart " + name);
                cluster.restart(name);
            }
        }
    }

    private static String pick(List<String> names, Random random) {
        return names.get(random.nextInt(names.size()));
    }

    private static void pause(int seconds, int upTo, Random random) throws InterruptedException {
        long millis = TimeUnit.SECONDS.toMillis(seconds) + random.nextInt((int) TimeUnit.SECONDS.toMillis(upTo));
        assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    private boolean request(RecordingClient client, Random random) {
        String key = "key-" + random.nextInt(KEYS);
        int length = LENGTHS[random.nextInt(LENGTHS.length)];
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> client.write(key, length);
            case 3 -> client.delete(key);
            case 4 -> client.writeIfAbsent(key, length);
            case 5 -> client.writeIfMatch(key, length);
            default -> client.read(key).isPresent();
        };
    }

    private static void awaitFullRedundancy(ClusterProcesses cluster) {
        Awaitility.await("every volume is whole again")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofSeconds(3))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    JsonNode status = cluster.admin(0, "status");
                    assertThat(status.path("nodesDown").asInt()).isZero();
                    assertThat(status.path("degradedVolumes").asInt()).isZero();
                });
    }

    private void readEverythingOnce(URI at) {
        try (RecordingClient reader = new RecordingClient(CLIENTS, at, BUCKET, history)) {
            Map<String, String> listed = new HashMap<>();
            reader.s3()
                    .listObjectsV2Paginator(request -> request.bucket(BUCKET).maxKeys(5))
                    .contents()
                    .forEach(object -> listed.put(object.key(), object.eTag()));
            for (int i = 0; i < KEYS; i++) {
                String key = "key-" + i;
                assertThat(reader.read(key).orElseThrow().etag())
                        .as("ETag of %s, which the listing tells too", key)
                        .isEqualTo(listed.get(key));
            }
        }
    }
}
