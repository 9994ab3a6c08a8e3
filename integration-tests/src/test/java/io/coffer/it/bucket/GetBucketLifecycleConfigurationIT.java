package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetBucketLifecycleConfigurationResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.LifecycleRuleFilter;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;

@ExtendWith(StoreExtension.class)
class GetBucketLifecycleConfigurationIT {
    private final Store store;
    private final String bucket;

    GetBucketLifecycleConfigurationIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void tellsTheRulesAsTheyWereSet() {
        RawResponse none = assertRefused(
                404,
                "NoSuchLifecycleConfiguration",
                store.request("GET", "/" + bucket + "?lifecycle").send());
        assertThat(none.element("BucketName")).isEqualTo(bucket);
        LifecycleRule whole = LifecycleRule.builder()
                .id("one & only")
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.and(and -> and.prefix("logs/")
                        .tags(
                                tag -> tag.key("a").value("1"),
                                tag -> tag.key("b").value("2"))
                        .objectSizeGreaterThan(10L)
                        .objectSizeLessThan(20L)))
                .expiration(expiration -> expiration.date(Instant.parse("2040-01-01T00:00:00Z")))
                .noncurrentVersionExpiration(
                        expiration -> expiration.noncurrentDays(3).newerNoncurrentVersions(2))
                .build();
        LifecycleRule least = LifecycleRule.builder()
                .id("least")
                .status(ExpirationStatus.DISABLED)
                .filter(LifecycleRuleFilter.builder().build())
                .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(7))
                .build();
        store.s3()
                .putBucketLifecycleConfiguration(
                        put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(whole, least)));
        GetBucketLifecycleConfigurationResponse told =
                store.s3().getBucketLifecycleConfiguration(get -> get.bucket(bucket));
        assertThat(told.rules()).containsExactly(whole, least);
        assertThat(told.transitionDefaultMinimumObjectSize())
                .isEqualTo(TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K);
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount().s3().getBucketLifecycleConfiguration(get -> get.bucket(bucket)));
    }
}
