package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;

@ExtendWith(StoreExtension.class)
class PutObjectLockConfigurationIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    PutObjectLockConfigurationIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void aBucketCanGetALockLater() {
        String plain = store.newBucket();
        assertRefused(
                409,
                "InvalidBucketState",
                () -> store.s3()
                        .putObjectLockConfiguration(put -> put.bucket(plain)
                                .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED))));
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(plain).versioningConfiguration(now -> now.status(BucketVersioningStatus.ENABLED)));
        store.s3()
                .putObjectLockConfiguration(put -> put.bucket(plain)
                        .objectLockConfiguration(lock -> lock.objectLockEnabled(ObjectLockEnabled.ENABLED)));
        assertThat(store.s3()
                        .getObjectLockConfiguration(get -> get.bucket(plain))
                        .objectLockConfiguration()
                        .objectLockEnabled())
                .isEqualTo(ObjectLockEnabled.ENABLED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<ObjectLockConfiguration/>|MalformedXML",
                "<ObjectLockConfiguration><ObjectLockEnabled>Disabled</ObjectLockEnabled></ObjectLockConfiguration>|MalformedXML",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule/></ObjectLockConfiguration>|MalformedXML",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>1</Days><Years>1</Years></DefaultRetention></Rule></ObjectLockConfiguration>|MalformedXML",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>GOVERNANCE</Mode><Days>0</Days></DefaultRetention></Rule></ObjectLockConfiguration>|InvalidArgument",
                "<ObjectLockConfiguration><ObjectLockEnabled>Enabled</ObjectLockEnabled><Rule><DefaultRetention><Mode>NONE</Mode><Days>1</Days></DefaultRetention></Rule></ObjectLockConfiguration>|MalformedXML"
            })
    void badConfigurationsChangeNothing(String document, String code) {
        assertRefused(
                400,
                code,
                store.request("PUT", "/" + bucket + "?object-lock")
                        .document(document)
                        .send());
        assertThat(store.s3()
                        .getObjectLockConfiguration(get -> get.bucket(bucket))
                        .objectLockConfiguration()
                        .rule())
                .isNull();
    }
}
