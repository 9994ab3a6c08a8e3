package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;

@ExtendWith(StoreExtension.class)
class DeleteBucketLifecycleIT {
    private final Store store;
    private final String bucket;

    DeleteBucketLifecycleIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void forgetsTheRulesAndMindsNoneThatAreNotThere() {
        store.s3()
                .putBucketLifecycleConfiguration(put -> put.bucket(bucket)
                        .lifecycleConfiguration(c -> c.rules(rule -> rule.status(ExpirationStatus.ENABLED)
                                .filter(filter -> filter.prefix("p"))
                                .expiration(expiration -> expiration.days(1)))));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount().s3().deleteBucketLifecycle(delete -> delete.bucket(bucket)));
        store.s3().getBucketLifecycleConfiguration(get -> get.bucket(bucket));
        store.s3().deleteBucketLifecycle(delete -> delete.bucket(bucket));
        assertRefused(
                404,
                "NoSuchLifecycleConfiguration",
                () -> store.s3().getBucketLifecycleConfiguration(get -> get.bucket(bucket)));
        store.s3().deleteBucketLifecycle(delete -> delete.bucket(bucket));
    }
}
