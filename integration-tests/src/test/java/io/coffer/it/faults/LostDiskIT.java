package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.LoopFileSystem;
import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** One of three disks goes away under the store: clients notice nothing, and it takes part again after a start with it. */
class LostDiskIT {
    private static final String BUCKET = "lost";
    private static final int MEBIBYTES = 256;
    private static final int LENGTH = 100_000;

    @TempDir
    private Path directory;

    private final Map<String, byte[]> objects = new LinkedHashMap<>();
    private final Random random = new Random(5);

    /** What happens to the third disk. */
    private enum Loss {
        CUT_OFF,
        READ_ONLY,
        /** What was written can't be read any more, but new data can be written. */
        UNREADABLE
    }

    @ParameterizedTest
    @EnumSource
    void writesAndReadsGoOnWithoutADiskThatWentAway(Loss loss) throws Exception {
        LoopFileSystem.assumePossible(LoopFileSystem.Kind.EXT4);
        try (LoopFileSystem third = LoopFileSystem.make(LoopFileSystem.Kind.EXT4, directory, MEBIBYTES)) {
            List<Path> directories = List.of(
                    directory.resolve("first"),
                    directory.resolve("second"),
                    third.root().resolve("third"));
            try (StoreProcess store = StoreProcess.start(directories);
                    S3Client s3 = client(store.s3())) {
                s3.createBucket(request -> request.bucket(BUCKET));
                write(s3, 20);
                switch (loss) {
                    case CUT_OFF -> third.cut();
                    case READ_ONLY -> third.turnReadOnly();
                    case UNREADABLE -> third.loseContent();
                }
                write(s3, 20);
                readAll(s3);
                if (loss != Loss.UNREADABLE) {
                    Awaitility.await()
                            .atMost(Duration.ofSeconds(30))
                            .untilAsserted(() -> assertThat(healthy(store)).containsExactlyInAnyOrder("0", "1", "1"));
                }
                write(s3, 20);
                readAll(s3);
                assertThat(store.stop()).isZero();
            }
            if (loss != Loss.UNREADABLE) {
                third.unmount();
                third.mount();
                startWithAll(directories);
            }
        }
    }

    private void startWithAll(List<Path> directories) throws Exception {
        try (StoreProcess store = StoreProcess.start(directories);
                S3Client s3 = client(store.s3())) {
            assertThat(healthy(store)).containsExactly("1", "1", "1");
            readAll(s3);
            write(s3, 5);
            readAll(s3);
            assertThat(store.stop()).isZero();
        }
    }

    private void write(S3Client s3, int count) {
        for (int i = 0; i < count; i++) {
            String key = "object-" + objects.size();
            byte[] bytes = new byte[LENGTH];
            random.nextBytes(bytes);
            s3.putObject(request -> request.bucket(BUCKET).key(key), RequestBody.fromBytes(bytes));
            objects.put(key, bytes);
        }
    }

    private void readAll(S3Client s3) {
        objects.forEach((key, bytes) -> {
            byte[] got = s3.getObjectAsBytes(request -> request.bucket(BUCKET).key(key))
                    .asByteArray();
            assertThat(Arrays.equals(got, bytes)).as(key).isTrue();
        });
    }

    /** Of each disk, whether Prometheus would hear that it is healthy. */
    private static List<String> healthy(StoreProcess store) throws IOException {
        String text = new String(
                store.admin().resolve("/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
        return text.lines()
                .filter(line -> line.startsWith("coffer_disk_healthy{"))
                .map(line -> line.substring(line.lastIndexOf(' ') + 1, line.lastIndexOf(' ') + 2))
                .toList();
    }

    private static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }
}
