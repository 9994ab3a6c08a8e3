package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;

/** {@code DELETE ?force_delete=true}. */
@ExtendWith(StoreExtension.class)
class ForceDeleteBucketIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private final Store store;

    ForceDeleteBucketIT(Store store) {
        this.store = store;
    }

    private RawResponse delete(String bucket, String query) {
        return store.request("DELETE", "/" + bucket + "?" + query).send();
    }

    private int head(String bucket) {
        return store.request("HEAD", "/" + bucket).send().status();
    }

    @Test
    void anEmptyBucketIsGoneAtOnce() {
        String bucket = store.newBucket();
        assertThat(delete(bucket, "force_delete=true").status()).isEqualTo(204);
        assertRefused(404, "NoSuchBucket", delete(bucket, "force_delete=true"));
    }

    @Test
    void allThatIsInABucketGoesWithItInTheBackground() {
        String bucket = store.newBucket();
        store.s3()
                .putBucketVersioning(put -> put.bucket(bucket)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        for (int i = 0; i < 20; i++) {
            String key = "k" + i % 7;
            store.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(new byte[1000 * i]));
        }
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("k1"));
        store.s3().createMultipartUpload(create -> create.bucket(bucket).key("u"));
        assertThat(delete(bucket, "force_delete=true").status()).isEqualTo(202);
        await().atMost(SOON).until(() -> head(bucket) == 404);
        assertThat(store.s3().createBucket(create -> create.bucket(bucket)).location())
                .isNotNull();
        assertThat(store.s3().listObjectVersions(list -> list.bucket(bucket)).versions())
                .isEmpty();
    }

    @Test
    void whatIsLockedStaysAndTheBucketWithIt() {
        LockedBucket locked = new LockedBucket(store);
        String kept = locked.retained("kept", ObjectLockMode.COMPLIANCE);
        String governed = locked.retained("governed", ObjectLockMode.GOVERNANCE);
        locked.put("free", put -> {});
        RawResponse begun = store.request("DELETE", "/" + locked.name() + "?force_delete=true")
                .header("x-amz-bypass-governance-retention", "true")
                .send();
        assertThat(begun.status()).as(begun.toString()).isEqualTo(202);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                store.adminRequest("GET", "/v1/purges").send().text())
                        .containsPattern(
                                "\"bucket\":\"" + locked.name() + "\"[^}]*\"state\":\"LOCKED\"[^}]*\"locked\":2"));
        assertThat(store.request("GET", "/" + locked.name() + "/kept").send().text())
                .isEqualTo("kept");
        assertThat(store.s3()
                        .listObjectVersions(list -> list.bucket(locked.name()))
                        .versions())
                .extracting(version -> version.versionId())
                .containsExactlyInAnyOrder(kept, governed);
        assertRefused(409, "BucketNotEmpty", () -> store.s3().deleteBucket(delete -> delete.bucket(locked.name())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"force_delete", "force_delete=false", "force_delete=1", "force_delete=TRUE"})
    void nothingButTrueDeletesAnything(String query) {
        String bucket = store.newBucket();
        assertRefused(400, "InvalidArgument", delete(bucket, query));
        assertThat(head(bucket)).isEqualTo(200);
    }

    @Test
    void somebodyElsesBucketStays() {
        String bucket = store.newBucket();
        Store other = store.newAccount();
        assertRefused(
                403,
                "AccessDenied",
                other.request("DELETE", "/" + bucket + "?force_delete=true").send());
        assertThat(head(bucket)).isEqualTo(200);
    }
}
