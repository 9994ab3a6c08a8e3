package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.LoopFileSystem;
import io.coffer.it.StoreProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cuts the power of a real file system at random moments under load: what wasn't synced is gone. What the clients saw must be
 * linearizable per key, every acknowledged object whole, and the listing must tell the same. {@code -Dcoffer.cuts=} sets how many
 * cuts each file system gets; the seed is printed and replays with {@code -Dseed=}.
 *
 * <p>Each cut begins an era with keys of its own: some are written by everybody all the time, most once. After a cut everything
 * of this era and the one before is read; then the one before is deleted, and must stay deleted.
 */
class PowerCutIT {
    private static final String BUCKET = "history";
    private static final int CLIENTS = 8;
    private static final int HOT_KEYS = 12;
    private static final int CUTS = Integer.getInteger("coffer.cuts", 3);

    /** Uploads that a cut broke off are collected after hours only: a file system takes so many cuts before it is made anew. */
    private static final int CUTS_PER_FILE_SYSTEM = 20;

    private static final int MEBIBYTES = 600;

    /** However slow the machine is, a cut has something to destroy. */
    private static final int ANSWERED_BEFORE_A_CUT = 50;

    /** Lengths that are inlined, that fill less and more than one checksum block, and that take several writes. */
    private static final int[] LENGTHS = {16, 4_000, 20_000, 70_000, 700_000};

    private static final int LONGEST_WRITTEN_ONCE = 3;

    @ParameterizedTest
    @EnumSource
    void noAcknowledgedWriteIsLostOrTornWhenThePowerIsCut(LoopFileSystem.Kind kind, @TempDir Path directory)
            throws Exception {
        LoopFileSystem.assumePossible(kind);
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PowerCutIT: " + kind + ", seed " + seed);
        Random random = new Random(seed);
        for (int left = CUTS; left > 0; left -= CUTS_PER_FILE_SYSTEM) {
            try (LoopFileSystem files = LoopFileSystem.make(kind, directory, MEBIBYTES)) {
                new Machine(files, random).run(Math.min(left, CUTS_PER_FILE_SYSTEM));
            }
        }
    }

    /** One file system with its server and clients. */
    private static final class Machine {
        private final LoopFileSystem files;
        private final Random random;
        private final History history = new History();
        private final Map<String, Integer> eraOfKey = new ConcurrentHashMap<>();
        private final AtomicInteger namesUsed = new AtomicInteger();
        private volatile int era;

        Machine(LoopFileSystem files, Random random) {
            this.files = files;
            this.random = random;
        }

        void run(int cuts) throws Exception {
            StoreProcess store = StoreProcess.start(directories());
            RandomLoad load = new RandomLoad(CLIENTS, random, this::connect, this::request);
            try {
                try (RecordingClient client = connect(CLIENTS, store.s3())) {
                    client.s3().createBucket(request -> request.bucket(BUCKET));
                }
                while (era < cuts) {
                    long before = history.answered();
                    load.moveTo(store.s3());
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> history.answered() > before + ANSWERED_BEFORE_A_CUT);
                    assertThat(new CountDownLatch(1).await(500 + random.nextInt(2500), TimeUnit.MILLISECONDS))
                            .isFalse();
                    files.cut();
                    load.pause();
                    store.kill();
                    files.unmount();
                    files.mount();
                    store = StoreProcess.start(directories());
                    checkAfterCut(store.s3());
                    era++;
                    assertThat(load.failures()).isEmpty();
                    assertThat(history.unanswered())
                            .as("requests without an answer; a cut explains one of each client")
                            .isLessThanOrEqualTo(CLIENTS * era);
                }
                load.stop();
                assertThat(store.stop()).as("exit code on SIGTERM").isZero();
            } finally {
                load.stop();
                store.close();
            }
            System.out.println("PowerCutIT: " + history.answered() + " operations answered, " + history.unanswered()
                    + " in doubt, " + cuts + " cuts");
            assertThat(history.answered()).as("operations that were answered").isGreaterThan(CLIENTS * cuts);
        }

        private List<Path> directories() {
            return List.of(files.root().resolve("store"));
        }

        private RecordingClient connect(int number, URI at) {
            return new RecordingClient(number, at, BUCKET, history);
        }

        private boolean request(RecordingClient client, Random own) {
            String hot = newName("hot-" + own.nextInt(HOT_KEYS));
            int length = LENGTHS[own.nextInt(LENGTHS.length)];
            return switch (own.nextInt(20)) {
                case 0, 1, 2, 3 -> client.write(hot, length);
                case 4, 5 -> client.delete(hot);
                case 6, 7 -> client.writeIfAbsent(hot, length);
                case 8, 9 -> client.writeIfMatch(hot, length);
                case 10, 11, 12, 13 ->
                    client.write(
                            newName("once-" + namesUsed.getAndIncrement()), LENGTHS[own.nextInt(LONGEST_WRITTEN_ONCE)]);
                case 14 ->
                    own.nextInt(4) > 0
                            || client.write(hot, RecordingClient.PART_BYTES + LENGTHS[own.nextInt(LENGTHS.length)]);
                default -> client.read(hot).isPresent();
            };
        }

        private String newName(String name) {
            int now = era;
            String key = "era-%03d/%s".formatted(now, name);
            eraOfKey.put(key, now);
            return key;
        }

        private void checkAfterCut(URI at) {
            try (RecordingClient client = connect(CLIENTS, at)) {
                Map<String, String> read = new ConcurrentHashMap<>();
                eraOfKey.keySet().parallelStream().forEach(key -> {
                    RecordingClient.Found found = client.read(key)
                            .orElseThrow(() -> new AssertionError(key + " can't be read after cut " + era));
                    if (found.etag() != null) {
                        read.put(key, found.etag());
                    }
                });
                assertThat(LinearizabilityChecker.findViolation(history.operations()))
                        .as("after cut %s", era)
                        .isEmpty();
                assertThat(listed(client))
                        .as("the listing after cut %s, against what was read", era)
                        .isEqualTo(new TreeMap<>(read));
                forgetEraBefore(client);
                abortUploads(client);
            }
        }

        private static Map<String, String> listed(RecordingClient client) {
            Map<String, String> listed = new TreeMap<>();
            client.s3()
                    .listObjectsV2Paginator(request -> request.bucket(BUCKET).maxKeys(100))
                    .contents()
                    .forEach(object -> listed.put(object.key(), object.eTag()));
            return listed;
        }

        /** Deletes what was read after two cuts; what was read once more after its delete is forgotten. */
        private void forgetEraBefore(RecordingClient client) {
            eraOfKey.entrySet().parallelStream().forEach(entry -> {
                if (entry.getValue() == era - 1) {
                    assertThat(client.delete(entry.getKey())).isTrue();
                }
            });
            eraOfKey.values().removeIf(of -> of < era - 1);
        }

        private static void abortUploads(RecordingClient client) {
            client.s3()
                    .listMultipartUploadsPaginator(request -> request.bucket(BUCKET))
                    .uploads()
                    .forEach(upload -> client.s3()
                            .abortMultipartUpload(request ->
                                    request.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId())));
        }
    }
}
