package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.bucket.LockedBucket;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

@ExtendWith(StoreExtension.class)
class PutObjectRetentionIT {
    private final Store store;
    private final LockedBucket locked;
    private final String bucket;

    PutObjectRetentionIT(Store store) {
        this.store = store;
        this.locked = new LockedBucket(store);
        this.bucket = locked.name();
    }

    @Test
    void complianceCanBeProlonged() {
        String version = locked.retained("k", ObjectLockMode.COMPLIANCE);
        Instant later = locked.soon.plus(Duration.ofDays(30));
        store.s3()
                .putObjectRetention(put -> put.bucket(bucket)
                        .key("k")
                        .versionId(version)
                        .retention(now ->
                                now.mode(ObjectLockRetentionMode.COMPLIANCE).retainUntilDate(later)));
        assertThat(store.s3()
                        .getObjectRetention(get -> get.bucket(bucket).key("k").versionId(version))
                        .retention()
                        .retainUntilDate())
                .isEqualTo(later);
    }

    @Test
    void complianceIsNeitherShortenedNorTakenBackNorWeakened() {
        String version = locked.retained("k", ObjectLockMode.COMPLIANCE);
        for (String document : new String[] {
            "<Retention/>",
            "<Retention><Mode>GOVERNANCE</Mode><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>",
            "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>" + locked.soon.minusSeconds(1)
                    + "</RetainUntilDate></Retention>"
        }) {
            assertRefused(
                    403,
                    "AccessDenied",
                    store.request("PUT", "/" + bucket + "/k?retention&versionId=" + version)
                            .header("x-amz-bypass-governance-retention", "true")
                            .document(document)
                            .send());
        }
        assertThat(locked.head("k", version).objectLockRetainUntilDate()).isEqualTo(locked.soon);
    }

    @Test
    void governanceChangesForThoseWhoBypassIt() {
        String version = locked.retained("k", ObjectLockMode.GOVERNANCE);
        String target = "/" + bucket + "/k?retention&versionId=" + version;
        assertRefused(
                403,
                "AccessDenied",
                store.request("PUT", target).document("<Retention/>").send());
        assertThat(store.request("PUT", target)
                        .header("x-amz-bypass-governance-retention", "true")
                        .document("<Retention/>")
                        .send()
                        .status())
                .isEqualTo(200);
        locked.delete("k", version, false);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<Retention><Mode>COMPLIANCE</Mode></Retention>|MalformedXML",
                "<Retention><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>|MalformedXML",
                "<Retention><Mode>compliance</Mode><RetainUntilDate>2100-01-01T00:00:00Z</RetainUntilDate></Retention>|MalformedXML",
                "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>locked.soon</RetainUntilDate></Retention>|MalformedXML",
                "<Retention><Mode>COMPLIANCE</Mode><RetainUntilDate>2001-01-01T00:00:00Z</RetainUntilDate></Retention>|InvalidArgument",
                "<LegalHold/>|MalformedXML"
            })
    void badDocumentsChangeNothing(String document, String code) {
        locked.put("k", more -> {});
        assertRefused(
                400,
                code,
                store.request("PUT", "/" + bucket + "/k?retention")
                        .document(document)
                        .send());
        assertRefused(
                404,
                "NoSuchObjectLockConfiguration",
                () -> store.s3().getObjectRetention(get -> get.bucket(bucket).key("k")));
    }
}
