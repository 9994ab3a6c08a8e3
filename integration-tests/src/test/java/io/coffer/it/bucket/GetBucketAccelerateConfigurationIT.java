package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketAccelerateConfigurationIT {
    private final Store store;
    private final String bucket;

    GetBucketAccelerateConfigurationIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void aBucketOfWhichNobodySaidAnythingSaysNothing() {
        assertThat(store.request("GET", "/" + bucket + "?accelerate").send().text())
                .endsWith("\n<AccelerateConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>");
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount().s3().getBucketAccelerateConfiguration(get -> get.bucket(bucket)));
    }
}
