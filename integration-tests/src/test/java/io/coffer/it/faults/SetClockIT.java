package io.coffer.it.faults;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.StoreProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;

/** Clocks of hosts are set, by somebody who wants to be rid of a locked version, or because they were wrong. */
class SetClockIT {
    private static final Duration RETAINED = Duration.ofMinutes(8);

    /** Clients' signatures are a quarter of an hour good. */
    private static final Duration AHEAD = Duration.ofMinutes(12);

    @TempDir
    private Path temp;

    @Test
    void aClockThatIsSetAheadUnlocksNothing() throws Exception {
        Instant until = Instant.now().plus(RETAINED);
        String version;
        try (StoreProcess store = start(Duration.ZERO);
                S3Client s3 = client(store.s3())) {
            s3.createBucket(create -> create.bucket("vault").objectLockEnabledForBucket(true));
            version = s3.putObject(
                            put -> put.bucket("vault")
                                    .key("k")
                                    .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                    .objectLockMode(ObjectLockMode.COMPLIANCE)
                                    .objectLockRetainUntilDate(until),
                            RequestBody.fromString("kept"))
                    .versionId();
            assertThat(store.stop()).isZero();
        }
        try (StoreProcess store = start(AHEAD);
                S3Client s3 = client(store.s3())) {
            s3.putObject(put -> put.bucket("vault").key("other"), RequestBody.empty());
            Instant told =
                    s3.headObject(head -> head.bucket("vault").key("other")).lastModified();
            assertThat(told).as("the server's time of day").isAfter(until);
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> s3.deleteObject(delete ->
                            delete.bucket("vault").key("k").versionId(version).bypassGovernanceRetention(true)));
            assertThat(s3.getObjectAsBytes(get -> get.bucket("vault").key("k").versionId(version))
                            .asUtf8String())
                    .isEqualTo("kept");
        }
    }

    @Test
    void aClockThatWasAheadAndIsPutRightStopsNothing() throws Exception {
        try (StoreProcess store = start(Duration.ofMinutes(14));
                S3Client s3 = client(store.s3())) {
            s3.createBucket(create -> create.bucket("pictures"));
            s3.putObject(put -> put.bucket("pictures").key("old"), RequestBody.fromString("old"));
            assertThat(store.stop()).isZero();
        }
        try (StoreProcess store = start(Duration.ZERO);
                S3Client s3 = client(store.s3())) {
            byte[] large = new byte[1 << 20];
            s3.putObject(put -> put.bucket("pictures").key("new"), RequestBody.fromBytes(large));
            s3.deleteObject(delete -> delete.bucket("pictures").key("old"));
            assertThat(s3.getObjectAsBytes(get -> get.bucket("pictures").key("new"))
                            .asByteArray())
                    .isEqualTo(large);
            assertRefused(
                    404,
                    "NoSuchKey",
                    () -> s3.getObject(get -> get.bucket("pictures").key("old")));
        }
    }

    private StoreProcess start(Duration ahead) throws Exception {
        return StoreProcess.start(
                List.of(temp.resolve("store")),
                Map.of("JAVA_TOOL_OPTIONS", "-Dcoffer.clock-error-millis=" + ahead.toMillis()));
    }

    private static S3Client client(URI endpoint) {
        return S3Client.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClient(UrlConnectionHttpClient.create())
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY)))
                .build();
    }
}
