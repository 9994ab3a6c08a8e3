package io.coffer.it.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.ClusterProcesses;
import io.coffer.it.LoopFileSystem;
import io.coffer.it.StoreProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
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

    private static final int GROUPS = 4;

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
                awaitThreeMembersOfEachGroup();
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
        assertThat(log()).as("what it said of a group").contains("stops on this server");
        Files.delete(other);
        Awaitility.await("its groups are open again")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> {
                    assertThat(log()).contains("is open again");
                    assertThat(cluster.adminStatus(0).path("redundancy").asString())
                            .isEqualTo("WHOLE");
                });
        awaitThreeMembersOfEachGroup();
        for (int i = 0; i < CLIENTS; i++) {
            String bucket = BUCKET + i;
            assertThat(s3.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                            .count())
                    .isEqualTo(WRITES);
        }
    }

    private static void write(S3Client s3, int client, Queue<Exception> failures) {
        for (int i = 0; i < WRITES; i++) {
            String key = "key-" + i;
            try {
                s3.putObject(
                        request -> request.bucket(BUCKET + client).key(key), RequestBody.fromBytes(new byte[LENGTH]));
            } catch (Exception e) {
                failures.add(e);
                return;
            }
        }
    }

    private String log() throws IOException {
        return Files.readString(cluster.directory(NAME).resolve("log"));
    }

    private void awaitThreeMembersOfEachGroup() {
        Awaitility.await("each group has three members")
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(cluster.metrics(NAME))
                        .filteredOn(line -> line.startsWith("coffer_raft_members{"))
                        .hasSize(GROUPS)
                        .allMatch(line -> line.endsWith(" 3.0")));
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
