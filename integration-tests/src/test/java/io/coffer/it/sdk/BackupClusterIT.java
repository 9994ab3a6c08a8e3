package io.coffer.it.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.coffer.it.ClusterProcesses;
import io.coffer.it.StoreProcess;
import io.coffer.rules.Checkout;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import tools.jackson.databind.JsonNode;

/**
 * What owners of buckets do, on a cluster of separate processes whose gateways encrypt: the jobs of stock clients, and a backup cycle
 * during which a leader of the metadata and a gateway die. The tests share the cluster, and each leaves it whole.
 */
class BackupClusterIT {
    /** As many as groups of metadata for buckets, so that a leader of any of them is missed. */
    private static final int BUCKETS = 3;

    /** Of one backup in one bucket. */
    private static final int BLOCKS = 24;

    /** Every other one is too long for the metadata, and goes to the dataservers. */
    private static final int BLOCK_BYTES = 40_000;

    private static final int WRITERS = 6;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration JOBS = Duration.ofMinutes(6);

    @TempDir
    private static Path directory;

    private static ClusterProcesses cluster;
    private static List<S3Client> gateways = List.of();

    /** A version that a gateway has acknowledged. */
    private record Block(String bucket, String key, String version) {
        byte[] content() {
            byte[] content = new byte[key.hashCode() % 2 == 0 ? BLOCK_BYTES : key.length()];
            byte[] text = key.getBytes(java.nio.charset.StandardCharsets.UTF_8);
            System.arraycopy(text, 0, content, 0, Math.min(text.length, content.length));
            return content;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cluster = ClusterProcesses.start(
                directory.resolve("cluster"),
                Map.of(
                        "COFFER_S3_SOSAPI",
                        "true",
                        "COFFER_ENCRYPTION_ROOT_KEY",
                        Base64.getEncoder().encodeToString(new byte[32])),
                3,
                4,
                2);
        gateways = cluster.gateways().stream().map(BackupClusterIT::client).toList();
        // It serves before each group has three members.
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            for (JsonNode group : cluster.admin(0, "metaserver", "list")) {
                if (group.path("members").size() < 3) {
                    return false;
                }
            }
            return true;
        });
    }

    @AfterAll
    static void stop() throws Exception {
        gateways.forEach(S3Client::close);
        if (cluster != null) {
            try {
                cluster.stop();
            } finally {
                cluster.close();
            }
        }
    }

    private static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(ApacheHttpClient.builder())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }

    /** Asks one gateway and, where that doesn't answer or can't, the other, until there is an answer. */
    private static <T> T answer(int first, Function<S3Client, T> request) {
        long began = System.nanoTime();
        for (int attempt = first; ; attempt++) {
            try {
                return request.apply(gateways.get(attempt % gateways.size()));
            } catch (SdkException e) {
                boolean told = e instanceof AwsServiceException refused && refused.statusCode() < 500;
                if (told || System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw e;
                }
            }
        }
    }

    private static Instant in(Duration duration) {
        return Instant.now().plus(duration).truncatedTo(ChronoUnit.SECONDS);
    }

    private static Block write(int number, String bucket, String name, Instant until) {
        Block wanted = new Block(bucket, "Veeam/Backup/" + name + "/" + number + ".blk", "");
        var put = answer(
                number,
                s3 -> s3.putObject(
                        request -> request.bucket(bucket)
                                .key(wanted.key())
                                .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                .objectLockMode(ObjectLockMode.COMPLIANCE)
                                .objectLockRetainUntilDate(until),
                        RequestBody.fromBytes(wanted.content())));
        assertThat(put.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        return new Block(bucket, wanted.key(), put.versionId());
    }

    /** Writes a backup into every bucket, with many writers; something else happens after a third and after two thirds of it. */
    private static List<Block> backUp(List<String> buckets, String name, Instant until, Step first, Step second)
            throws Exception {
        Semaphore written = new Semaphore(0);
        try (ExecutorService writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<Block>> running = new ArrayList<>();
            for (int number = 0; number < BLOCKS; number++) {
                for (String bucket : buckets) {
                    int block = number;
                    running.add(writers.submit(() -> {
                        try {
                            return write(block, bucket, name, until);
                        } finally {
                            written.release();
                        }
                    }));
                }
            }
            int third = running.size() / 3;
            for (Step step : List.of(first, second)) {
                assertThat(written.tryAcquire(third, PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
                step.run();
            }
            List<Block> blocks = new ArrayList<>();
            for (Future<Block> one : running) {
                blocks.add(one.get());
            }
            return blocks;
        }
    }

    @FunctionalInterface
    private interface Step {
        void run() throws Exception;
    }

    /** Many at once; returns what was refused. */
    private static List<S3Error> delete(String bucket, List<Block> blocks) {
        List<ObjectIdentifier> versions = blocks.stream()
                .filter(block -> block.bucket().equals(bucket))
                .map(block -> ObjectIdentifier.builder()
                        .key(block.key())
                        .versionId(block.version())
                        .build())
                .toList();
        return answer(
                        0,
                        s3 -> s3.deleteObjects(delete -> delete.bucket(bucket)
                                .bypassGovernanceRetention(true)
                                .delete(all -> all.objects(versions))))
                .errors();
    }

    private static List<Block> listed(String bucket, String name) {
        return answer(
                0,
                s3 -> s3
                        .listObjectVersionsPaginator(list -> list.bucket(bucket).prefix("Veeam/Backup/" + name + "/"))
                        .versions()
                        .stream()
                        .map((ObjectVersion version) -> new Block(bucket, version.key(), version.versionId()))
                        .toList());
    }

    /** Every block is there as it was written, and nobody can delete it. */
    private static void assertKept(List<String> buckets, String name, List<Block> blocks, Instant until) {
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            var read = answer(
                    i,
                    s3 -> s3.getObjectAsBytes(
                            get -> get.bucket(block.bucket()).key(block.key()).versionId(block.version())));
            assertThat(read.asByteArray()).as(block.toString()).isEqualTo(block.content());
            assertThat(read.response().objectLockMode()).isEqualTo(ObjectLockMode.COMPLIANCE);
            assertThat(read.response().objectLockRetainUntilDate()).isEqualTo(until);
        }
        for (String bucket : buckets) {
            // Also what a writer was never told of: it asked again.
            List<Block> all = listed(bucket, name);
            assertThat(all)
                    .containsAll(blocks.stream()
                            .filter(block -> block.bucket().equals(bucket))
                            .toList());
            assertThat(delete(bucket, all))
                    .hasSize(all.size())
                    .allMatch(refused -> refused.code().equals("AccessDenied"));
            assertThat(listed(bucket, name)).isEqualTo(all);
        }
    }

    /** Who leads a group of buckets. */
    private static String leader() throws IOException, InterruptedException {
        for (JsonNode group : cluster.admin(1, "metaserver", "list")) {
            if (!group.path("kind").asString().equals("system")) {
                return group.path("leader").asString();
            }
        }
        throw new AssertionError("there is no group of buckets");
    }

    @Test
    void aBackupOutlivesALeaderAndAGateway() throws Exception {
        List<String> buckets = new ArrayList<>();
        for (int i = 0; i < BUCKETS; i++) {
            String bucket = "vault-" + i;
            gateways.getFirst().createBucket(create -> create.bucket(bucket).objectLockEnabledForBucket(true));
            buckets.add(bucket);
        }
        String gateway = cluster.names("gateway").getFirst();
        String leader = leader();
        Instant week = in(Duration.ofDays(7));
        List<Block> full = backUp(buckets, "full", week, () -> cluster.kill(leader), () -> cluster.kill(gateway));
        assertThat(full).hasSize(BUCKETS * BLOCKS);
        assertKept(buckets, "full", full, week);

        cluster.restart(gateway);
        cluster.restart(leader);
        Instant soon = in(Duration.ofSeconds(8));
        List<Block> increment = backUp(buckets, "increment", soon, () -> {}, () -> {});
        // What may go goes while another leader and the other gateway die; what may not stays.
        String next = leader();
        cluster.kill(next);
        cluster.kill(cluster.names("gateway").getLast());
        await().atMost(PATIENCE)
                .until(() -> buckets.stream()
                        .allMatch(bucket -> delete(bucket, increment).isEmpty()));
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
        Set<Block> left = buckets.stream()
                .flatMap(bucket -> listed(bucket, "increment").stream())
                .collect(Collectors.toSet());
        assertThat(left).doesNotContainAnyElementsOf(increment);
        cluster.restart(next);
        cluster.restart(cluster.names("gateway").getLast());
        assertKept(buckets, "full", full, week);
    }

    /** {@code integration-tests/clients/run}, which skips what isn't installed. */
    @Test
    void stockClientsDoTheirJobs() throws Exception {
        Path log = directory.resolve("clients.log");
        ProcessBuilder builder = new ProcessBuilder(
                        Checkout.directory()
                                .resolve("integration-tests/clients/run")
                                .toString(),
                        "boto3",
                        "s3api",
                        "page")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "CLIENTS_ENDPOINT",
                        cluster.gateways().getFirst().toString(),
                        "CLIENTS_ADMIN",
                        cluster.admin(1).toString(),
                        "CLIENTS_MIB",
                        "24",
                        "COFFER_ROOT_ACCESS_KEY",
                        StoreProcess.ACCESS_KEY,
                        "COFFER_ROOT_SECRET_KEY",
                        StoreProcess.SECRET_KEY));
        Process process = builder.start();
        boolean ended = process.waitFor(JOBS.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        String said = Files.readString(log);
        System.out.println(said);
        assertThat(ended).as(said).isTrue();
        assertThat(process.exitValue()).as(said).isZero();
        assumeTrue(!said.contains("clients: 0 passed"), "none of the clients is installed");
    }
}
