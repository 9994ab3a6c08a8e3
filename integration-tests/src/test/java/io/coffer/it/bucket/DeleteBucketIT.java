package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

@ExtendWith(StoreExtension.class)
class DeleteBucketIT {
    private final Store store;

    DeleteBucketIT(Store store) {
        this.store = store;
    }

    @Test
    void takesAnEmptyBucketAway() {
        String bucket = store.newBucket();
        assertThat(store.request("DELETE", "/" + bucket).send().status()).isEqualTo(204);
        assertRefused(404, "NoSuchBucket", store.request("GET", "/" + bucket).send());
        assertRefused(404, "NoSuchBucket", store.request("DELETE", "/" + bucket).send());
        assertThat(store.s3().listBuckets().buckets())
                .noneMatch(listed -> listed.name().equals(bucket));
    }

    @Test
    void leavesABucketWithAnObjectAsItIs() {
        String bucket = store.newBucket();
        store.s3().putObject(object -> object.bucket(bucket).key("k"), RequestBody.fromString("x"));
        RawResponse refused = assertRefused(
                409, "BucketNotEmpty", store.request("DELETE", "/" + bucket).send());
        assertThat(refused.element("BucketName")).isEqualTo(bucket);
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("x");
        store.s3().putObject(object -> object.bucket(bucket).key("l"), RequestBody.fromString("y"));
        store.s3().deleteObject(object -> object.bucket(bucket).key("k"));
        store.s3().deleteObject(object -> object.bucket(bucket).key("l"));
        assertThat(store.request("DELETE", "/" + bucket).send().status()).isEqualTo(204);
    }

    @Test
    void uploadsInProgressDontKeepIt() {
        String bucket = store.newBucket();
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("k"))
                .uploadId();
        assertThat(store.request("DELETE", "/" + bucket).send().status()).isEqualTo(204);
        store.s3().createBucket(create -> create.bucket(bucket));
        assertRefused(
                404,
                "NoSuchUpload",
                () -> store.s3().listParts(list -> list.bucket(bucket).key("k").uploadId(upload)));
    }

    @Test
    void theNameIsFreeAgain() {
        String bucket = store.newBucket();
        store.s3().putObject(object -> object.bucket(bucket).key("old"), RequestBody.fromString("x"));
        store.s3().deleteObject(object -> object.bucket(bucket).key("old"));
        store.s3().deleteBucket(delete -> delete.bucket(bucket));
        store.s3().createBucket(create -> create.bucket(bucket));
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .isEmpty();
        store.s3().putObject(object -> object.bucket(bucket).key("new"), RequestBody.fromString("y"));
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .hasSize(1);
    }

    @Test
    void subresourcesNeverDeleteTheBucket() {
        String bucket = store.newBucket();
        for (String subresource : new String[] {
            "cors", "encryption", "lifecycle", "policy", "publicAccessBlock", "replication", "tagging", "website"
        }) {
            assertThat(store.request("DELETE", "/" + bucket + "?" + subresource)
                            .send()
                            .status())
                    .isEqualTo(204);
        }
        assertThat(store.request("DELETE", "/" + bucket + "?uploads").send().status())
                .isEqualTo(405);
        assertThat(store.request("HEAD", "/" + bucket).send().status()).isEqualTo(200);
    }
}
