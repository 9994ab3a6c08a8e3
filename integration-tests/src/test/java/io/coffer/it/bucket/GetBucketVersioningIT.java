package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;

@ExtendWith(StoreExtension.class)
class GetBucketVersioningIT {
    private static final String BEGIN = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            + "<VersioningConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"";

    private final Store store;
    private final String bucket;

    GetBucketVersioningIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private String document() {
        return store.request("GET", "/" + bucket + "?versioning").send().text();
    }

    @Test
    void tellsEachState() {
        assertThat(document()).isEqualTo(BEGIN + "/>");
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        assertThat(document()).isEqualTo(BEGIN + "><Status>Enabled</Status></VersioningConfiguration>");
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.SUSPENDED)));
        assertThat(document()).isEqualTo(BEGIN + "><Status>Suspended</Status></VersioningConfiguration>");
    }

    @Test
    void onlyTheOwnerIsTold() {
        assertRefused(
                403, "AccessDenied", () -> store.newAccount().s3().getBucketVersioning(get -> get.bucket(bucket)));
        assertRefused(404, "NoSuchBucket", () -> store.s3().getBucketVersioning(get -> get.bucket(store.freshName())));
    }
}
