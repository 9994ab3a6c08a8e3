package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server at random moments under load and judges what its clients saw: linearizable per key, conditional writes
 * included, and every object whole. The seed is printed and replays with {@code -Dseed=}.
 */
class KilledServerIT {
    private static final String BUCKET = "history";
    private static final int CLIENTS = 8;
    private static final int KILLS = Integer.getInteger("coffer.kills", 8);

    private final History history = new History();

    @Test
    void noAcknowledgedWriteIsLostOrTornWhenTheServerIsKilled(@TempDir Path first, @TempDir Path second)
            throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KilledServerIT: seed " + seed);
        Random random = new Random(seed);
        List<Path> directories = List.of(first, second);
        StoreProcess store = StoreProcess.start(directories);
        RandomLoad load = new RandomLoad(
                CLIENTS,
                random,
                (number, at) -> new RecordingClient(number, at, BUCKET, history),
                RandomRequests::send);
        try {
            try (RecordingClient client = new RecordingClient(CLIENTS, store.s3(), BUCKET, history)) {
                client.s3().createBucket(request -> request.bucket(BUCKET));
            }
            load.moveTo(store.s3());
            for (int kill = 0; kill < KILLS; kill++) {
                assertThat(new CountDownLatch(1).await(500 + random.nextInt(2500), TimeUnit.MILLISECONDS))
                        .isFalse();
                store.kill();
                load.pause();
                store = StoreProcess.start(directories);
                load.moveTo(store.s3());
            }
            load.stop();
            assertThat(load.failures()).isEmpty();
            assertThat(history.unanswered())
                    .as("requests without an answer; a kill explains one of each client")
                    .isLessThanOrEqualTo(CLIENTS * KILLS);
            RandomRequests.readEverythingOnce(CLIENTS, store.s3(), BUCKET, history);
            List<KeyOperation> recorded = history.operations();
            System.out.println("KilledServerIT: " + recorded.size() + " operations, " + KILLS + " kills");
            assertThat(LinearizabilityChecker.findViolation(recorded))
                    .as("seed %s", seed)
                    .isEmpty();
            assertThat(history.answered()).as("operations that were answered").isGreaterThan(CLIENTS * KILLS);
            assertThat(store.stop()).as("exit code on SIGTERM").isZero();
        } finally {
            load.stop();
            store.close();
        }
    }
}
