package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.S3Exception;
import tools.jackson.databind.JsonNode;

/**
 * Clients of a cluster that is being broken, and the judgement of what they saw: linearizable per key, conditional writes included,
 * every object whole, no request without an answer after ordinary retries, listings that agree with the objects, and redundancy that comes
 * back by itself. The seed is printed and replays with {@code -Dseed=}.
 */
final class ClusterHistory {
    private static final int CLIENTS = 6;
    private static final int SMALL = 4_000;
    private static final int MOST_UNANSWERED = 200;

    private final History history = new History();
    private final String test;
    private final String bucket;
    private final long seed;
    private final Random random;
    private final List<URI> gateways;
    private final SpreadLoad load;

    private ClusterHistory(String test, List<URI> gateways) {
        this.test = test;
        this.bucket = test.toLowerCase(Locale.ROOT);
        this.seed = Long.getLong("seed", System.nanoTime());
        this.random = new Random(seed);
        this.gateways = gateways;
        System.out.println(test + ": seed " + seed);
        try (RecordingClient client = new RecordingClient(CLIENTS, gateways.getFirst(), bucket, history)) {
            client.s3().createBucket(request -> request.bucket(bucket));
        }
        this.load = new SpreadLoad(
                CLIENTS,
                random,
                gateways,
                (number, at) -> new RecordingClient(number, at, bucket, history),
                RandomRequests::send);
    }

    /**
     * Starts the clients.
     *
     * @param test whose it is; also names the bucket, so that tests can share a cluster
     */
    static ClusterHistory start(String test, List<URI> gateways) {
        return new ClusterHistory(test, gateways);
    }

    /** Says what happens next, and how it went since the last time. */
    void say(String what) {
        System.out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + " " + test + ": " + what + " (until now "
                + history.answered() + " answers, the longest wait since the last line "
                + load.longestRecently().toMillis() + " ms)");
    }

    /** Lets the clients go on for a while. */
    void pause(int seconds, int upTo) throws InterruptedException {
        long millis = TimeUnit.SECONDS.toMillis(seconds) + random.nextInt((int) TimeUnit.SECONDS.toMillis(upTo));
        assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
    }

    String pick(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }

    /** Requests that were answered so far. */
    long answered() {
        return history.answered();
    }

    /** No client was without an answer for so long, until now. */
    void requireWaitsBelow(Duration bound) {
        assertThat(load.longestWithoutAnswer())
                .as("how long a client had no answer")
                .isLessThan(bound);
    }

    /** Ends the clients, whatever they saw. */
    void stop() throws InterruptedException {
        load.stop();
    }

    /** While no majority of metaservers is there: every gateway says so, and soon enough. */
    void expectUnavailable(Duration within) {
        for (URI gateway : gateways) {
            try (RecordingClient client = new RecordingClient(CLIENTS, gateway, bucket, history)) {
                long start = System.nanoTime();
                assertThatThrownBy(() -> client.s3()
                                .putObject(request -> request.bucket(bucket).key("nobody"), RequestBody.empty()))
                        .isInstanceOfSatisfying(S3Exception.class, e -> {
                            assertThat(e.statusCode()).isEqualTo(503);
                            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ServiceUnavailable");
                        });
                assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(within);
            }
        }
    }

    /** Some time after a trouble is over, every gateway takes writes again by itself. */
    void expectService(Duration within) {
        for (URI gateway : gateways) {
            try (RecordingClient client = new RecordingClient(CLIENTS, gateway, bucket, history)) {
                Awaitility.await("writes at " + gateway).atMost(within).until(() -> client.write("key-0", SMALL));
            }
        }
    }

    /**
     * Judges, after the clients have stopped and everything runs again.
     *
     * @param patience how long a client may have tried in vain
     * @param status asks for {@code admin status}
     */
    void judge(Duration patience, Callable<JsonNode> status) {
        say(history.operations().size() + " operations, " + history.unanswered() + " without an answer, longest wait "
                + load.longestWithoutAnswer() + ", last failure " + history.lastFailure());
        assertThat(load.failures()).isEmpty();
        assertThat(load.longestWithoutAnswer())
                .as("how long a client tried in vain")
                .isLessThan(patience);
        // Each may have happened at any time since: with many, nothing can be told, and finding that out takes all
        // memory.
        assertThat(history.unanswered()).as("requests without an answer").isLessThan(MOST_UNANSWERED);
        Awaitility.await("every volume is whole again")
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    JsonNode now = status.call();
                    assertThat(now.path("nodesDown").asInt()).isZero();
                    assertThat(now.path("degradedVolumes").asInt()).isZero();
                    assertThat(now.path("redundancy").asString()).isEqualTo("WHOLE");
                });
        gateways.forEach(at -> RandomRequests.readEverythingOnce(CLIENTS, at, bucket, history));
        assertThat(LinearizabilityChecker.findViolation(history.operations()))
                .as("seed %s", seed)
                .isEmpty();
    }
}
