package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;

@ExtendWith(StoreExtension.class)
class PutObjectLegalHoldIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    PutObjectLegalHoldIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void aHoldLastsUntilItIsLifted() {
        String version = locked.put("k", put -> put.objectLockLegalHoldStatus(ObjectLockLegalHoldStatus.ON));
        assertThat(locked.head("k", version).objectLockLegalHoldStatus()).isEqualTo(ObjectLockLegalHoldStatus.ON);
        assertRefused(403, "AccessDenied", () -> locked.delete("k", version, true));
        store.s3()
                .putObjectLegalHold(put -> put.bucket(bucket)
                        .key("k")
                        .versionId(version)
                        .legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.OFF)));
        assertThat(store.s3()
                        .getObjectLegalHold(get -> get.bucket(bucket).key("k").versionId(version))
                        .legalHold()
                        .status())
                .isEqualTo(ObjectLockLegalHoldStatus.OFF);
        locked.delete("k", version, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<LegalHold/>|MalformedXML",
                "<LegalHold><Status>on</Status></LegalHold>|MalformedXML",
                "<Retention/>|MalformedXML"
            })
    void badDocumentsChangeNothing(String document, String code) {
        String version = locked.put("k", more -> {});
        assertRefused(
                400,
                code,
                store.request("PUT", "/" + bucket + "/k?legal-hold")
                        .document(document)
                        .send());
        assertThat(locked.head("k", version).objectLockLegalHoldStatus()).isNull();
    }

    @Test
    void thereMustBeALock() {
        String plain = store.newBucket();
        store.s3().putObject(put -> put.bucket(plain).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "InvalidRequest",
                () -> store.s3()
                        .putObjectLegalHold(put -> put.bucket(plain)
                                .key("k")
                                .legalHold(hold -> hold.status(ObjectLockLegalHoldStatus.ON))));
    }
}
