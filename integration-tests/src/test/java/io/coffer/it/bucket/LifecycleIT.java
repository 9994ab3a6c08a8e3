package io.coffer.it.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.it.StoreProcess;
import io.coffer.it.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What rules let go goes from a running store, in which a day takes a second. */
class LifecycleIT {
    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private static StoreProcess process;
    private static Store store;

    private final String bucket = store.newBucket();

    @BeforeAll
    static void start() throws IOException {
        process = StoreProcess.launch(
                List.of(directory.resolve("disk")),
                Map.of("COFFER_LIFECYCLE_DAY", "1s", "COFFER_LIFECYCLE_LOOK", "100ms"));
        store = new Store(process.s3(), process.admin(), StoreProcess.ACCESS_KEY, StoreProcess.SECRET_KEY);
    }

    @AfterAll
    static void stop() {
        store.close();
        assertThat(process.stop()).isZero();
    }

    private void rule(Consumer<LifecycleRule.Builder> rule) {
        LifecycleRule.Builder built = LifecycleRule.builder().id("r").status(ExpirationStatus.ENABLED);
        rule.accept(built);
        store.s3()
                .putBucketLifecycleConfiguration(
                        put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(built.build())));
    }

    private String put(String key, String tags) {
        return store.s3()
                .putObject(put -> put.bucket(bucket).key(key).tagging(tags), RequestBody.fromString("body"))
                .versionId();
    }

    private void versioned() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
    }

    private List<String> keys() {
        return store.s3().listObjectsV2(list -> list.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    private ListObjectVersionsResponse versions() {
        return store.s3().listObjectVersions(list -> list.bucket(bucket));
    }

    private static void eventually(Runnable assertion) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(100)).untilAsserted(assertion::run);
    }

    @Test
    void objectsGoByPrefixAndTags() {
        put("a/1", "keep=0");
        put("a/2", "keep=1");
        put("b/1", "keep=0");
        rule(rule -> rule.filter(filter -> filter.and(
                        and -> and.prefix("a/").tags(tag -> tag.key("keep").value("0"))))
                .expiration(e -> e.days(1)));
        eventually(() -> assertThat(keys()).containsExactly("a/2", "b/1"));
        assertThat(metric("coffer_lifecycle_objects_expired_total")).isPositive();
    }

    @Test
    void aDateInThePastIsOver() {
        put("k", "");
        rule(rule -> rule.filter(filter -> filter.prefix(""))
                .expiration(e -> e.date(Instant.now().truncatedTo(ChronoUnit.DAYS))));
        eventually(() -> assertThat(keys()).isEmpty());
    }

    @Test
    void versionsGoAndTheirMarkersAfterThem() {
        versioned();
        put("k", "");
        put("k", "");
        rule(rule -> rule.filter(filter -> {})
                .expiration(e -> e.days(1))
                .noncurrentVersionExpiration(n -> n.noncurrentDays(1)));
        eventually(() -> {
            assertThat(versions().versions()).isEmpty();
            assertThat(versions().deleteMarkers()).isEmpty();
        });
    }

    @Test
    void asManyNewerVersionsStayAsTheRuleSays() {
        versioned();
        for (int i = 0; i < 6; i++) {
            put("k", "");
        }
        List<String> newest = versions().versions().stream()
                .map(ObjectVersion::versionId)
                .limit(3)
                .toList();
        rule(rule -> rule.filter(filter -> {})
                .noncurrentVersionExpiration(n -> n.noncurrentDays(1).newerNoncurrentVersions(2)));
        eventually(() -> assertThat(versions().versions())
                .extracting(ObjectVersion::versionId)
                .isEqualTo(newest));
    }

    @Test
    void aMarkerThatIsAloneGoes() {
        versioned();
        String only = put("alone", "");
        put("hidden", "");
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("alone"));
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("hidden"));
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("alone").versionId(only));
        rule(rule -> rule.filter(filter -> {}).expiration(e -> e.expiredObjectDeleteMarker(true)));
        eventually(() -> assertThat(versions().deleteMarkers())
                .extracting(DeleteMarkerEntry::key)
                .containsExactly("hidden"));
    }

    @Test
    void aLockKeepsAVersionWhateverRulesSay() {
        String locked = store.freshName();
        store.s3().createBucket(create -> create.bucket(locked).objectLockEnabledForBucket(true));
        String held = store.s3()
                .putObject(
                        put -> put.bucket(locked).key("k").objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON),
                        RequestBody.fromString("held"))
                .versionId();
        String free = store.s3()
                .putObject(put -> put.bucket(locked).key("k"), RequestBody.fromString("free"))
                .versionId();
        store.s3().deleteObject(delete -> delete.bucket(locked).key("k"));
        store.s3()
                .putBucketLifecycleConfiguration(put -> put.bucket(locked)
                        .lifecycleConfiguration(c -> c.rules(rule -> rule.status(ExpirationStatus.ENABLED)
                                .filter(filter -> {})
                                .noncurrentVersionExpiration(n -> n.noncurrentDays(1)))));
        eventually(() -> assertThat(store.s3()
                        .listObjectVersions(list -> list.bucket(locked))
                        .versions())
                .extracting(ObjectVersion::versionId)
                .doesNotContain(free)
                .containsExactly(held));
    }

    @Test
    void uploadsAreAborted() {
        store.s3().createMultipartUpload(create -> create.bucket(bucket).key("a/k"));
        store.s3().createMultipartUpload(create -> create.bucket(bucket).key("b/k"));
        rule(rule -> rule.filter(filter -> filter.prefix("a/"))
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(1)));
        eventually(() -> assertThat(store.s3()
                        .listMultipartUploads(list -> list.bucket(bucket))
                        .uploads())
                .extracting(MultipartUpload::key)
                .containsExactly("b/k"));
    }

    private static double metric(String name) {
        return store.adminRequest("GET", "/metrics")
                .send()
                .text()
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
