package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

@ExtendWith(StoreExtension.class)
class GetObjectLegalHoldIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    GetObjectLegalHoldIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void tellsWhetherAVersionIsHeld() {
        locked.put("k", more -> {});
        assertThat(store.s3()
                        .getObjectLegalHold(get -> get.bucket(bucket).key("k"))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.OFF);
        locked.put("k", put -> put.objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON));
        assertThat(store.s3()
                        .getObjectLegalHold(get -> get.bucket(bucket).key("k"))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.ON);
    }

    @Test
    void thereMustBeALock() {
        String plain = store.newBucket();
        store.s3().putObject(put -> put.bucket(plain).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3().getObjectLegalHold(get -> get.bucket(plain).key("k")));
    }
}
