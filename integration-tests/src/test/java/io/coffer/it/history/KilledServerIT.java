package io.coffer.it.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import io.coffer.it.history.KeyOperation.Effect;
import io.coffer.it.history.KeyOperation.Outcome;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

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

    private final Queue<KeyOperation> history = new ConcurrentLinkedQueue<>();
    private final Queue<AssertionError> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private volatile @Nullable URI endpoint;

    @Test
    void noAcknowledgedWriteIsLostOrTornWhenTheServerIsKilled(@TempDir Path first, @TempDir Path second)
            throws Exception {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("KilledServerIT: seed " + seed);
        Random random = new Random(seed);
        List<Path> directories = List.of(first, second);
        StoreProcess store = StoreProcess.start(directories);
        try {
            endpoint = store.s3();
            try (S3Client s3 = client(store.s3())) {
                s3.createBucket(request -> request.bucket(BUCKET));
            }
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Client client = new Client(i, new Random(random.nextLong()));
                clients.add(Thread.ofPlatform().name("client-" + i).start(client));
            }
            for (int kill = 0; kill < KILLS; kill++) {
                assertThat(new CountDownLatch(1).await(500 + random.nextInt(2500), TimeUnit.MILLISECONDS))
                        .isFalse();
                endpoint = null;
                store.kill();
                store = StoreProcess.start(directories);
                endpoint = store.s3();
            }
            stopped.set(true);
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
            readEverythingOnce(store.s3());
            List<KeyOperation> recorded = List.copyOf(history);
            System.out.println("KilledServerIT: " + recorded.size() + " operations, " + KILLS + " kills");
            assertThat(LinearizabilityChecker.findViolation(recorded))
                    .as("seed %s", seed)
                    .isEmpty();
            assertThat(recorded.stream().filter(KeyOperation::completed).count())
                    .as("operations that were answered")
                    .isGreaterThan(CLIENTS * KILLS);
            assertThat(store.stop()).as("exit code on SIGTERM").isZero();
        } finally {
            stopped.set(true);
            store.close();
        }
    }

    private void readEverythingOnce(URI at) {
        try (S3Client s3 = client(at)) {
            Map<String, String> listed = new HashMap<>();
            s3.listObjectsV2Paginator(request -> request.bucket(BUCKET).maxKeys(5))
                    .contents()
                    .forEach(object -> listed.put(object.key(), object.eTag()));
            Client reader = new Client(CLIENTS, new Random(0));
            for (int key = 0; key < KEYS; key++) {
                String etag = reader.read(s3, "key-" + key);
                assertThat(listed.get("key-" + key))
                        .as("ETag in the listing of key-%s", key)
                        .isEqualTo(etag);
            }
        }
    }

    private static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(Duration.ofSeconds(20)))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }

    /** Sends random requests and records what came of them; goes to wherever the server is now. */
    private final class Client implements Runnable {
        private final int number;
        private final Random random;

        /** The ETag of each value this client knows of, to use in conditions. */
        private final Map<String, String> etags = new HashMap<>();

        private int writes;

        Client(int number, Random random) {
            this.number = number;
            this.random = random;
        }

        @Override
        public void run() {
            while (!stopped.get()) {
                URI at = endpoint;
                if (at == null) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                    continue;
                }
                try (S3Client s3 = client(at)) {
                    while (!stopped.get() && at.equals(endpoint)) {
                        request(s3, "key-" + random.nextInt(KEYS));
                    }
                } catch (AssertionError wrongBytes) {
                    failures.add(wrongBytes);
                    return;
                }
            }
        }

        private void request(S3Client s3, String key) {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> write(s3, key);
                case 3 -> delete(s3, key);
                case 4 -> writeIfAbsent(s3, key);
                case 5 -> writeIfMatch(s3, key);
                default -> read(s3, key);
            }
        }

        private void write(S3Client s3, String key) {
            String value = nextValue();
            long called = System.nanoTime();
            try {
                PutObjectResponse put =
                        s3.putObject(request -> request.bucket(BUCKET).key(key), body(value));
                record(key, called, new Effect.Write(value), true);
                etags.put(value, put.eTag());
            } catch (SdkException e) {
                record(key, called, new Effect.Write(value), false);
            }
        }

        private void delete(S3Client s3, String key) {
            long called = System.nanoTime();
            try {
                s3.deleteObject(request -> request.bucket(BUCKET).key(key));
                record(key, called, new Effect.Delete(), true);
            } catch (SdkException e) {
                record(key, called, new Effect.Delete(), false);
            }
        }

        private void writeIfAbsent(S3Client s3, String key) {
            String value = nextValue();
            long called = System.nanoTime();
            Outcome outcome = outcome(() -> etags.put(
                    value,
                    s3.putObject(request -> request.bucket(BUCKET).key(key).ifNoneMatch("*"), body(value))
                            .eTag()));
            record(key, called, new Effect.ConditionalWrite(null, value, outcome), outcome != null);
        }

        private void writeIfMatch(S3Client s3, String key) {
            String expected = read(s3, key) == null ? null : lastRead;
            if (expected == null) {
                return;
            }
            String etag = etags.get(expected);
            String value = nextValue();
            long called = System.nanoTime();
            Outcome outcome = outcome(() -> etags.put(
                    value,
                    s3.putObject(request -> request.bucket(BUCKET).key(key).ifMatch(etag), body(value))
                            .eTag()));
            record(key, called, new Effect.ConditionalWrite(expected, value, outcome), outcome != null);
        }

        private @Nullable String lastRead;

        /** The ETag of what was found, or null for nothing (or no answer). */
        @Nullable
        String read(S3Client s3, String key) {
            long called = System.nanoTime();
            try {
                var found =
                        s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key));
                String value = valueOf(found.asByteArray());
                record(key, called, new Effect.Read(value), true);
                lastRead = value;
                etags.put(value, found.response().eTag());
                return found.response().eTag();
            } catch (AwsServiceException e) {
                if (e.statusCode() == 404) {
                    record(key, called, new Effect.Read(null), true);
                }
                return null;
            } catch (SdkException e) {
                return null;
            }
        }

        private void record(String key, long called, Effect effect, boolean answered) {
            history.add(
                    new KeyOperation(key, number, called, answered ? System.nanoTime() : KeyOperation.NEVER, effect));
        }

        private String nextValue() {
            return number + "." + writes++ + "." + LENGTHS[random.nextInt(LENGTHS.length)];
        }
    }

    private static @Nullable Outcome outcome(Runnable write) {
        try {
            write.run();
            return Outcome.DONE;
        } catch (AwsServiceException e) {
            return switch (e.statusCode()) {
                case 412 -> Outcome.FAILED;
                case 404 -> Outcome.MISSING;
                default -> null;
            };
        } catch (SdkException e) {
            return null;
        }
    }

    /** The value's name repeated up to its length, so that any byte proves where it came from. */
    private static RequestBody body(String value) {
        int length = Integer.parseInt(value.substring(value.lastIndexOf('.') + 1));
        byte[] pattern = (value + ";").getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = pattern[i % pattern.length];
        }
        return RequestBody.fromBytes(bytes);
    }

    private static String valueOf(byte[] bytes) {
        String text = new String(bytes, 0, Math.min(bytes.length, 64), StandardCharsets.US_ASCII);
        int end = text.indexOf(';');
        String value = end < 0 ? text : text.substring(0, end);
        byte[] pattern = (value + ";").getBytes(StandardCharsets.US_ASCII);
        assertThat(bytes)
                .as("length of %s", value)
                .hasSize(Integer.parseInt(value.substring(value.lastIndexOf('.') + 1)));
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != pattern[i % pattern.length]) {
                throw new AssertionError("byte " + i + " of " + value + " is another object's");
            }
        }
        return value;
    }
}
