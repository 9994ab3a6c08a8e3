package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;

@ExtendWith(StoreExtension.class)
class DeleteBucketOwnershipControlsIT {
    private final Store store;
    private final String bucket;

    DeleteBucketOwnershipControlsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void withoutThemGrantsCount() {
        assertThat(store.request("DELETE", "/" + bucket + "?ownershipControls")
                        .send()
                        .status())
                .isEqualTo(204);
        assertRefused(
                404,
                "OwnershipControlsNotFoundError",
                () -> store.s3().getBucketOwnershipControls(get -> get.bucket(bucket)));
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromString("x"));
        assertThat(store.request("GET", "/" + bucket + "/k").anonymous().send().status())
                .isEqualTo(200);
        store.s3().deleteBucketOwnershipControls(delete -> delete.bucket(bucket));
    }
}
