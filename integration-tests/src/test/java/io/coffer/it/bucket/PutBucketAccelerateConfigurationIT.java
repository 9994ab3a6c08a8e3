package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.BucketAccelerateStatus;

@ExtendWith(StoreExtension.class)
class PutBucketAccelerateConfigurationIT {
    private final Store store;
    private final String bucket;

    PutBucketAccelerateConfigurationIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(String name, BucketAccelerateStatus status) {
        store.s3()
                .putBucketAccelerateConfiguration(
                        put -> put.bucket(name).accelerateConfiguration(c -> c.status(status)));
    }

    @Test
    void itCanBeSuspendedAndIsNeverOn() {
        assertRefused(501, "NotImplemented", () -> put(bucket, BucketAccelerateStatus.ENABLED));
        assertThat(store.s3()
                        .getBucketAccelerateConfiguration(get -> get.bucket(bucket))
                        .status())
                .isNull();
        put(bucket, BucketAccelerateStatus.SUSPENDED);
        assertThat(store.s3()
                        .getBucketAccelerateConfiguration(get -> get.bucket(bucket))
                        .status())
                .isEqualTo(BucketAccelerateStatus.SUSPENDED);
        String dotted = store.freshName() + ".dots";
        store.s3().createBucket(create -> create.bucket(dotted));
        assertRefused(400, "InvalidRequest", () -> put(dotted, BucketAccelerateStatus.SUSPENDED));
    }

    @ParameterizedTest
    @CsvSource({
        "<AccelerateConfiguration/>, MalformedXML",
        "<AccelerateConfiguration><Status>On</Status></AccelerateConfiguration>, MalformedXML",
        "'', MissingRequestBodyError",
    })
    void whatIsNoConfigurationIsRefused(String document, String code) {
        assertRefused(
                400,
                code,
                store.request("PUT", "/" + bucket + "?accelerate")
                        .document(document)
                        .send());
    }
}
