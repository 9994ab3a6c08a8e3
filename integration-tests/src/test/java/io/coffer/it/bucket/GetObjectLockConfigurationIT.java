package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;

@ExtendWith(StoreExtension.class)
class GetObjectLockConfigurationIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    GetObjectLockConfigurationIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void aBucketThatIsMadeForItKeepsVersions() {
        assertThat(store.s3().getBucketVersioning(get -> get.bucket(bucket)).status())
                .isEqualTo(BucketVersioningStatus.ENABLED);
        var lock =
                store.s3().getObjectLockConfiguration(get -> get.bucket(bucket)).objectLockConfiguration();
        assertThat(lock.objectLockEnabled()).isEqualTo(ObjectLockEnabled.ENABLED);
        assertThat(lock.rule()).isNull();
        assertRefused(
                409,
                "InvalidBucketState",
                () -> store.s3()
                        .putBucketVersioning(put -> put.bucket(bucket)
                                .versioningConfiguration(now -> now.status(BucketVersioningStatus.SUSPENDED))));
    }

    @Test
    void aBucketWithoutOneSaysSo() {
        String plain = store.newBucket();
        assertRefused(
                404,
                "ObjectLockConfigurationNotFoundError",
                () -> store.s3().getObjectLockConfiguration(get -> get.bucket(plain)));
    }
}
