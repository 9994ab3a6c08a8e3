package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

@ExtendWith(StoreExtension.class)
class GetObjectTaggingIT {
    private final Store store;
    private final String bucket;

    GetObjectTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private RawResponse get(String target) {
        return store.request("GET", "/" + bucket + "/" + target).send();
    }

    @Test
    void anObjectWithoutTagsHasAnEmptySet() {
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
        assertThat(get("k?tagging").text())
                .endsWith("\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet/></Tagging>");
        assertThat(get("k?tagging").header("x-amz-version-id")).isNull();
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k"))
                        .tagSet())
                .isEmpty();
    }

    @Test
    void tellsWhichVersionHasThem() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String version = store.s3()
                .putObject(put -> put.bucket(bucket).key("k").tagging("b=2&a=1"), RequestBody.fromString("x"))
                .versionId();
        RawResponse response = get("k?tagging");
        assertThat(response.header("x-amz-version-id")).isEqualTo(version);
        assertThat(response.elements("Key")).containsExactly("a", "b");
        String marker = store.s3()
                .deleteObject(delete -> delete.bucket(bucket).key("k"))
                .versionId();
        assertThat(get("k?tagging&versionId=" + version).elements("Value")).containsExactly("1", "2");
        assertRefused(404, "NoSuchKey", get("k?tagging"));
        assertRefused(405, "MethodNotAllowed", get("k?tagging&versionId=" + marker));
    }

    @Test
    void onlyWhatIsThereAndOnesOwnIsTold() {
        RawResponse missing = assertRefused(404, "NoSuchKey", get("missing?tagging"));
        assertThat(missing.element("Key")).isEqualTo("missing");
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k")));
    }
}
