package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.it.LoopFileSystem;
import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A disk that is full, by the store's own doing or by somebody else's. */
class FullDiskIT {
    private static final String BUCKET = "full";
    private static final int MEBIBYTES = 256;
    private static final Duration SOON = Duration.ofSeconds(60);

    /** What is given back to the store, because the space of deleted objects only comes back after their last readers' time. */
    private static final int BALLAST = 48 << 20;

    /** In extents on the disk. */
    private static final int LARGE = 4 << 20;

    /** In the metadata. */
    private static final int SMALL = 8_000;

    @TempDir
    private Path directory;

    private final Deque<String> keys = new ArrayDeque<>();
    private LoopFileSystem files;
    private StoreProcess store;
    private S3Client s3;

    @BeforeEach
    void start() throws Exception {
        LoopFileSystem.assumePossible(LoopFileSystem.Kind.EXT4);
        files = LoopFileSystem.make(LoopFileSystem.Kind.EXT4, directory, MEBIBYTES);
        startStore();
        s3.createBucket(request -> request.bucket(BUCKET));
    }

    private void startStore() throws Exception {
        store = StoreProcess.start(List.of(files.root().resolve("store")));
        s3 = client(store.s3());
    }

    @AfterEach
    void stop() throws IOException {
        if (store != null) {
            s3.close();
            store.close();
        }
        if (files != null) {
            files.close();
        }
    }

    @Test
    void aStoreThatFilledItsDiskRefusesWritesAndReadsAndDeletes() throws Exception {
        Path ballast = files.root().resolve("ballast");
        Files.write(ballast, new byte[BALLAST]);
        fill(LARGE);
        fill(SMALL);
        assertThat(files.freeBytes()).as("what the store left free").isGreaterThan(4 << 20);
        readAll();
        assertThat(store.stop()).isZero();
        startStore();
        assertRefused(SMALL);
        assertRefused(LARGE);
        readAll();
        for (int i = keys.size() / 2; i > 0; i--) {
            String key = keys.removeFirst();
            s3.deleteObject(request -> request.bucket(BUCKET).key(key));
        }
        assertRefused(LARGE);
        Files.delete(ballast);
        awaitWrite(LARGE);
        awaitWrite(SMALL);
        readAll();
        assertThat(store.stop()).isZero();
    }

    @Test
    void aDiskThatSomebodyElseFilledToTheLastByteIsUsedAgainWhenThereIsRoom() throws Exception {
        put(LARGE);
        put(SMALL);
        Path other = files.fill();
        awaitRefusal(SMALL);
        awaitRefusal(LARGE);
        readAll();
        Files.delete(other);
        awaitWrite(SMALL);
        awaitWrite(LARGE);
        readAll();
        assertThat(store.stop()).isZero();
    }

    /** Bytes that follow from the key. */
    private static byte[] bytes(String key) {
        byte[] bytes = new byte[Integer.parseInt(key.substring(key.indexOf('-') + 1))];
        new Random(key.hashCode()).nextBytes(bytes);
        return bytes;
    }

    private void put(int length) {
        String key = keys.size() + "." + System.nanoTime() + "-" + length;
        s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes(key)));
        keys.add(key);
    }

    /** Writes until the store refuses. */
    private void fill(int length) {
        try {
            for (long left = (long) MEBIBYTES << 20; left > 0; left -= length) {
                put(length);
            }
        } catch (S3Exception e) {
            assertThat(e.statusCode()).isEqualTo(503);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
            return;
        }
        throw new AssertionError("more was written than there is room for");
    }

    private void assertRefused(int length) {
        assertThatThrownBy(() -> put(length)).isInstanceOfSatisfying(S3Exception.class, e -> {
            assertThat(e.statusCode()).isEqualTo(503);
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("SlowDown");
        });
    }

    private void awaitRefusal(int length) {
        Awaitility.await().atMost(SOON).untilAsserted(() -> assertRefused(length));
    }

    private void awaitWrite(int length) {
        Awaitility.await().atMost(SOON).ignoreException(S3Exception.class).until(() -> {
            put(length);
            return true;
        });
    }

    private void readAll() {
        for (String key : keys) {
            byte[] got = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                    .asByteArray();
            assertThat(Arrays.equals(got, bytes(key))).as(key).isTrue();
        }
    }

    private static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SOON))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }
}
