package io.coffer.it.sdk;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/**
 * What Veeam does with a bucket: every block of a backup is locked by itself in compliance mode, the chain that goes on is extended, and
 * what has expired is deleted by versions, many at once.
 */
@ExtendWith(StoreExtension.class)
class BackupCycleIT {
    private static final int BLOCKS = 30;

    private final Store store;
    private final S3Client s3;
    private final String bucket;

    BackupCycleIT(Store store) {
        this.store = store;
        this.s3 = store.s3();
        this.bucket = store.freshName();
    }

    private static Instant in(Duration duration) {
        return Instant.now().plus(duration).truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns versions by key. */
    private Map<String, String> backUp(String name, Instant until) {
        Map<String, String> versions = new TreeMap<>();
        for (int block = 0; block < BLOCKS; block++) {
            String key = "Veeam/Backup/" + name + "/" + block + ".blk";
            versions.put(
                    key,
                    s3.putObject(
                                    put -> put.bucket(bucket)
                                            .key(key)
                                            .checksumAlgorithm(ChecksumAlgorithm.CRC32)
                                            .objectLockMode(ObjectLockMode.COMPLIANCE)
                                            .objectLockRetainUntilDate(until),
                                    RequestBody.fromString(key))
                            .versionId());
        }
        return versions;
    }

    private DeleteObjectsResponse delete(Map<String, String> versions) {
        List<ObjectIdentifier> objects = new ArrayList<>();
        versions.forEach((key, version) -> objects.add(
                ObjectIdentifier.builder().key(key).versionId(version).build()));
        return s3.deleteObjects(delete -> delete.bucket(bucket).delete(all -> all.objects(objects)));
    }

    private void extend(String key, String version, Instant until) {
        s3.putObjectRetention(put -> put.bucket(bucket)
                .key(key)
                .versionId(version)
                .retention(retention ->
                        retention.mode(ObjectLockRetentionMode.COMPLIANCE).retainUntilDate(until)));
    }

    private List<String> versions() {
        return s3.listObjectVersionsPaginator(list -> list.bucket(bucket).prefix("Veeam/")).versions().stream()
                .map(version -> version.key() + " " + version.versionId())
                .toList();
    }

    @Test
    void blocksAreKeptForTheirTimeAndNoLonger() {
        s3.createBucket(create -> create.bucket(bucket).objectLockEnabledForBucket(true));
        assertThat(s3.getBucketVersioning(get -> get.bucket(bucket)).status())
                .isEqualTo(BucketVersioningStatus.ENABLED);
        var lock = s3.getObjectLockConfiguration(get -> get.bucket(bucket)).objectLockConfiguration();
        assertThat(lock.objectLockEnabled()).isEqualTo(ObjectLockEnabled.ENABLED);
        assertThat(lock.rule()).as("default retention").isNull();

        Instant soon = in(Duration.ofSeconds(5));
        Map<String, String> increment = backUp("increment", soon);
        Map<String, String> full = backUp("full", in(Duration.ofDays(7)));
        full.forEach((key, version) -> {
            assertThat(s3.getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String())
                    .isEqualTo(key);
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> s3.deleteObject(
                            delete -> delete.bucket(bucket).key(key).versionId(version)));
        });
        assertThat(delete(full).errors())
                .hasSize(BLOCKS)
                .allMatch(error -> error.code().equals("AccessDenied"));

        Instant later = in(Duration.ofDays(14));
        full.forEach((key, version) -> extend(key, version, later));
        String first = full.keySet().iterator().next();
        assertThat(s3.headObject(head -> head.bucket(bucket).key(first)).objectLockRetainUntilDate())
                .isEqualTo(later);
        assertRefused(403, "AccessDenied", () -> extend(first, full.get(first), in(Duration.ofDays(13))));

        String kept = increment.keySet().iterator().next();
        extend(kept, increment.get(kept), later);
        await().atMost(Duration.ofSeconds(30))
                .until(() -> delete(increment).errors().size() == 1);
        assertThat(Instant.now()).isAfterOrEqualTo(soon);
        assertThat(versions()).hasSize(BLOCKS + 1).contains(kept + " " + increment.get(kept));
        assertRefused(409, "BucketNotEmpty", () -> s3.deleteBucket(delete -> delete.bucket(bucket)));
        assertThat(store.request("GET", "/" + bucket + "/" + first).send().status())
                .isEqualTo(200);
    }
}
