package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.ClusterProcesses;
import io.coffer.it.LoopFileSystem;
import io.coffer.it.StoreProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** One of three metaservers, whose disk somebody else fills: the other two go on, and it does so too when there is room. */
class FullMetaserverIT {
    /** In front of a client's number. So many buckets are in each group, whoever leads it. */
    private static final String BUCKET = "full-";

    private static final String NAME = "metaserver-1";
    private static final int MEBIBYTES = 1024;
    private static final Duration SOON = Duration.ofMinutes(2);
    private static final int CLIENTS = 6;

    /** In the metadata. */
    private static final int LENGTH = 15_000;

    /** Of each client: together more than the logs have room for without asking the disk for more. */
    private static final int WRITES = 200;

    @TempDir
    private Path directory;

    private ClusterProcesses cluster;

    @Test
    void writesGoOnAndItReturnsByItself() throws Exception {
        LoopFileSystem.assumePossible(LoopFileSystem.Kind.EXT4);
        Path clusterDirectory = Files.createDirectory(directory.resolve("cluster"));
        try (LoopFileSystem files = LoopFileSystem.make(LoopFileSystem.Kind.EXT4, directory, MEBIBYTES)) {
            Files.createSymbolicLink(
                    Files.createDirectory(clusterDirectory.resolve(NAME)).resolve("data"),
                    Files.createDirectory(files.root().resolve("store")));
            try (ClusterProcesses started = ClusterProcesses.start(clusterDirectory, 3, 1, 1)) {
                cluster = started;
                cluster.awaitMember(NAME);
                try (S3Client s3 = client()) {
                    fillAndFree(files, s3);
                }
                cluster.stop();
            }
        }
    }

    private void fillAndFree(LoopFileSystem files, S3Client s3) throws Exception {
        for (int i = 0; i < CLIENTS; i++) {
            String bucket = BUCKET + i;
            s3.createBucket(request -> request.bucket(bucket));
        }
        Path other = files.fill();
        Queue<Exception> failures = new ConcurrentLinkedQueue<>();
        List<Thread> clients = IntStream.range(0, CLIENTS)
                .mapToObj(client -> Thread.ofPlatform().start(() -> write(s3, client, failures)))
                .toList();
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).as("requests that failed for good").isEmpty();
        assertThat(cluster.values(NAME, "coffer_metadata_stopped"))
                .as("groups that stopped there")
                .contains(1.0);
        Files.delete(other);
        cluster.awaitMember(NAME);
        Awaitility.await("redundancy is whole")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .untilAsserted(() -> assertThat(
                                cluster.adminStatus(0).path("redundancy").asString())
                        .isEqualTo("WHOLE"));
        for (int client = 0; client < CLIENTS; client++) {
            String bucket = BUCKET + client;
            assertThat(s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                            .count())
                    .isEqualTo(WRITES);
            for (int i = 0; i < WRITES; i++) {
                assertThat(read(s3, client, i)).isEqualTo(body(client, i));
            }
        }
    }

    private static byte[] body(int client, int number) {
        byte[] body = new byte[LENGTH];
        new Random(client * WRITES + number).nextBytes(body);
        return body;
    }

    private static byte[] read(S3Client s3, int client, int number) {
        return s3.getObjectAsBytes(request -> request.bucket(BUCKET + client).key(key(number)))
                .asByteArray();
    }

    private static String key(int number) {
        return "key-" + number;
    }

    private static void write(S3Client s3, int client, Queue<Exception> failures) {
        for (int i = 0; i < WRITES; i++) {
            String key = key(i);
            try {
                s3.putObject(
                        request -> request.bucket(BUCKET + client).key(key), RequestBody.fromBytes(body(client, i)));
            } catch (Exception e) {
                failures.add(e);
                return;
            }
        }
    }

    private S3Client client() {
        return S3Client.builder()
                .endpointOverride(cluster.gateways().getFirst())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(SOON))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }
}
