package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

@ExtendWith(StoreExtension.class)
class GetObjectRetentionIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    GetObjectRetentionIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void aVersionThatIsNotRetainedSaysSo() {
        locked.put("k", more -> {});
        assertRefused(
                404,
                "NoSuchObjectLockConfiguration",
                () -> store.s3().getObjectRetention(get -> get.bucket(bucket).key("k")));
    }

    @Test
    void tellsModeAndEndOfTheVersionThatIsNamed() {
        String old = locked.retained("k", ObjectLockMode.COMPLIANCE);
        locked.put("k", more -> {});
        var retention = store.s3()
                .getObjectRetention(get -> get.bucket(bucket).key("k").versionId(old))
                .retention();
        assertThat(retention.mode()).isEqualTo(ObjectLockRetentionMode.COMPLIANCE);
        assertThat(retention.retainUntilDate()).isEqualTo(locked.soon);
    }

    @Test
    void thereMustBeALockAndAVersion() {
        String plain = store.newBucket();
        store.s3().putObject(put -> put.bucket(plain).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3().getObjectRetention(get -> get.bucket(plain).key("k")));
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3().getObjectRetention(get -> get.bucket(bucket).key("missing")));
    }
}
