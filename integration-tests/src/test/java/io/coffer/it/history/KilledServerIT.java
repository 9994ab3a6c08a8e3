package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final int KEYS = 12;
    private static final int KILLS = Integer.getInteger("coffer.kills", 8);

    /** Lengths that are inlined, that fill less and more than one checksum block, and that take several writes. */
    private static final int[] LENGTHS = {16, 4_000, 20_000, 70_000, 700_000};

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
                CLIENTS, random, (number, at) -> new RecordingClient(number, at, BUCKET, history), this::request);
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
            readEverythingOnce(store.s3());
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
