package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

@ExtendWith(StoreExtension.class)
class DeleteObjectTaggingIT {
    private final Store store;
    private final String bucket;

    DeleteObjectTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void takesThemOffTheVersionThatIsNamed() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = store.s3()
                .putObject(put -> put.bucket(bucket).key("k").tagging("a=1"), RequestBody.fromString("1"))
                .versionId();
        String second = store.s3()
                .putObject(put -> put.bucket(bucket).key("k").tagging("a=2"), RequestBody.fromString("2"))
                .versionId();
        assertThat(store.s3()
                        .deleteObjectTagging(
                                delete -> delete.bucket(bucket).key("k").versionId(first))
                        .versionId())
                .isEqualTo(first);
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k").versionId(first))
                        .tagSet())
                .isEmpty();
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("k"))
                        .tagSet())
                .hasSize(1);
        assertThat(store.s3()
                        .deleteObjectTagging(delete -> delete.bucket(bucket).key("k"))
                        .versionId())
                .isEqualTo(second);
        store.s3().deleteObjectTagging(delete -> delete.bucket(bucket).key("k"));
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("2");
    }

    @Test
    void onlyOfWhatIsThereAndOnesOwn() {
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3()
                        .deleteObjectTagging(delete -> delete.bucket(bucket).key("missing")));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .deleteObjectTagging(delete -> delete.bucket(bucket).key("k")));
    }
}
