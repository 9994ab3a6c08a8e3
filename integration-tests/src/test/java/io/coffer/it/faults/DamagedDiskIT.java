package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;

/** Damage below a store that is down is found when it is up again: never wrong bytes, and with two copies no error either. */
class DamagedDiskIT {
    private static final String BUCKET = "damaged";
    private static final int[] SIZES = {20_000, 64 << 10, (64 << 10) + 1, 1_000_000, 9_000_000};

    @TempDir
    private Path first;

    @TempDir
    private Path second;

    private final Map<String, byte[]> objects = new LinkedHashMap<>();
    private final Random random = new Random(3);

    @BeforeEach
    void makeObjects() {
        for (int size : SIZES) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            objects.put("object-" + size, bytes);
        }
    }

    @Test
    void flippedBitsOnOneOfTwoDisksAreNeverServedAndRepaired() throws Exception {
        fill(List.of(first, second));
        flipBits(second.resolve("disk"), 400);
        try (StoreProcess store =
                StoreProcess.start(List.of(first, second), Map.of("COFFER_STORAGE_SCRUB_PERIOD", "1s"))) {
            readAll(store.s3());
            long twice = 2
                    * objects.values().stream().mapToLong(bytes -> bytes.length).sum();
            Awaitility.await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
                assertThat(scrubbed(store, second)).as("bytes scrubbed").isGreaterThan(twice);
                assertThat(sum(store, "coffer_repair_waiting")).isZero();
                assertThat(sum(store, "coffer_repair_done_total")).isPositive();
            });
            readAll(store.s3());
        }
        flipBits(first.resolve("disk"), 400);
        try (StoreProcess store = StoreProcess.start(List.of(first, second))) {
            readAll(store.s3());
        }
    }

    @Test
    void flippedBitsOnTheOnlyDiskAreAnErrorAndNeverWrongBytes() throws Exception {
        fill(List.of(first));
        flipBits(first.resolve("disk"), 400);
        int refused = 0;
        try (StoreProcess store = StoreProcess.start(List.of(first));
                S3Client s3 = client(store.s3())) {
            for (Map.Entry<String, byte[]> object : objects.entrySet()) {
                try {
                    byte[] got = s3.getObjectAsBytes(
                                    request -> request.bucket(BUCKET).key(object.getKey()))
                            .asByteArray();
                    assertThat(Arrays.equals(got, object.getValue())).isTrue();
                } catch (SdkException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).as("objects that were damaged").isPositive();
    }

    @Test
    void aLostIndexIsBuiltAgain() throws Exception {
        fill(List.of(first));
        Path index = first.resolve("disk/index");
        assertThat(index).isDirectory();
        try (var files = Files.walk(index)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        try (StoreProcess store = StoreProcess.start(List.of(first))) {
            readAll(store.s3());
        }
    }

    @Test
    void withoutOneOfTwoDisksEverythingIsThere() throws Exception {
        fill(List.of(first, second));
        try (StoreProcess store = StoreProcess.start(List.of(first))) {
            readAll(store.s3());
        }
    }

    private void fill(List<Path> directories) throws Exception {
        try (StoreProcess store = StoreProcess.start(directories);
                S3Client s3 = client(store.s3())) {
            s3.createBucket(request -> request.bucket(BUCKET));
            for (Map.Entry<String, byte[]> object : objects.entrySet()) {
                s3.putObject(
                        request -> request.bucket(BUCKET).key(object.getKey()),
                        RequestBody.fromBytes(object.getValue()));
            }
            assertThat(store.stop()).isZero();
        }
    }

    private void readAll(URI endpoint) {
        try (S3Client s3 = client(endpoint)) {
            for (Map.Entry<String, byte[]> object : objects.entrySet()) {
                byte[] got = s3.getObjectAsBytes(
                                request -> request.bucket(BUCKET).key(object.getKey()))
                        .asByteArray();
                assertThat(Arrays.equals(got, object.getValue()))
                        .as(object.getKey())
                        .isTrue();
            }
        }
    }

    /** Flips single bits in what the segments of a disk hold, everywhere but in the first page of each file. */
    private void flipBits(Path disk, int count) throws IOException {
        List<Path> segments;
        try (var files = Files.walk(disk)) {
            segments = files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(disk.resolve("index")))
                    .filter(file -> file.toFile().length() > 1 << 20)
                    .toList();
        }
        assertThat(segments).isNotEmpty();
        for (Path segment : segments) {
            try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                long written = Math.min(file.size(), 12_000_000);
                for (int i = 0; i < count; i++) {
                    long position = 8192 + random.nextLong(written - 8192);
                    ByteBuffer one = ByteBuffer.allocate(1);
                    file.read(one, position);
                    one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(8)));
                    file.write(one.rewind(), position);
                }
            }
        }
    }

    private static double scrubbed(StoreProcess store, Path directory) throws IOException {
        return metric(
                store,
                line -> line.startsWith("coffer_disk_scrubbed_bytes_total{") && line.contains(directory.toString()));
    }

    private static double sum(StoreProcess store, String name) throws IOException {
        return metric(store, line -> line.startsWith(name + " "));
    }

    /** The sum of the samples that Prometheus would read. */
    private static double metric(StoreProcess store, Predicate<String> sample) throws IOException {
        String text = new String(
                store.admin().resolve("/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);
        List<String> samples = text.lines().filter(sample).toList();
        assertThat(samples).as("samples in%n%s", text).isNotEmpty();
        return samples.stream()
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
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
