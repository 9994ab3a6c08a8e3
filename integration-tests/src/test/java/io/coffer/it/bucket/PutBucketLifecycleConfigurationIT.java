package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;

@ExtendWith(StoreExtension.class)
class PutBucketLifecycleConfigurationIT {
    private static final String MINIMUM = "x-amz-transition-default-minimum-object-size";

    private final Store store;
    private final String bucket;

    PutBucketLifecycleConfigurationIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private static LifecycleRule rule(String prefix, int days) {
        return LifecycleRule.builder()
                .status(ExpirationStatus.ENABLED)
                .filter(filter -> filter.prefix(prefix))
                .expiration(expiration -> expiration.days(days))
                .build();
    }

    private List<LifecycleRule> rules() {
        return store.s3()
                .getBucketLifecycleConfiguration(get -> get.bucket(bucket))
                .rules();
    }

    private RawResponse put(String rules) {
        return store.request("PUT", "/" + bucket + "?lifecycle")
                .document("<LifecycleConfiguration>" + rules + "</LifecycleConfiguration>")
                .send();
    }

    @Test
    void takesThePlaceOfTheRulesBeforeAndNamesNewOnes() {
        store.s3()
                .putBucketLifecycleConfiguration(put ->
                        put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rule("a", 1), rule("b", 2))));
        assertThat(rules())
                .extracting(LifecycleRule::id)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).hasSize(48));
        store.s3()
                .putBucketLifecycleConfiguration(
                        put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rule("c", 3))));
        assertThat(rules()).hasSize(1).first().satisfies(rule -> {
            assertThat(rule.filter().prefix()).isEqualTo("c");
            assertThat(rule.expiration().days()).isEqualTo(3);
        });
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .putBucketLifecycleConfiguration(
                                put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rule("d", 3)))));
    }

    @Test
    void takesThePrefixWhereItOnceWas() {
        assertThat(
                        put("<Rule><ID>old</ID><Prefix>p/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>")
                                .status())
                .isEqualTo(200);
        String told = store.request("GET", "/" + bucket + "?lifecycle").send().text();
        assertThat(told).contains("<Prefix>p/</Prefix><Status>").doesNotContain("Filter");
    }

    @Test
    void tellsTheLeastSizeOfTransitionsAsItWasSet() {
        assertThat(store.s3()
                        .putBucketLifecycleConfiguration(
                                put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rule("a", 1))))
                        .transitionDefaultMinimumObjectSize())
                .isEqualTo(TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K);
        assertThat(store.s3()
                        .putBucketLifecycleConfiguration(put -> put.bucket(bucket)
                                .transitionDefaultMinimumObjectSize(
                                        TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS)
                                .lifecycleConfiguration(c -> c.rules(rule("a", 1))))
                        .transitionDefaultMinimumObjectSize())
                .isEqualTo(TransitionDefaultMinimumObjectSize.VARIES_BY_STORAGE_CLASS);
        RawResponse told = store.request("GET", "/" + bucket + "?lifecycle").send();
        assertThat(told.header(MINIMUM)).isEqualTo("varies_by_storage_class");
        RawResponse refused = assertRefused(
                400,
                "InvalidRequest",
                store.request("PUT", "/" + bucket + "?lifecycle")
                        .header(MINIMUM, "some")
                        .document("<LifecycleConfiguration/>")
                        .send());
        assertThat(refused.element("Message")).isEqualTo("Invalid TransitionDefaultMinimumObjectSize found: some");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "<Expiration><Days>0</Days></Expiration>|InvalidArgument|'Days' for Expiration action must be a"
                        + " positive integer",
                "<Expiration><Date>2030-01-01T12:00:00Z</Date></Expiration>|InvalidArgument|'Date' must be at midnight"
                        + " GMT",
                "<Expiration/>|MalformedXML|",
                "<Transition><Days>30</Days><StorageClass>GLACIER</StorageClass></Transition>|InvalidStorageClass"
                        + "|The storage class you specified is not valid",
                "<Unknown/>|MalformedXML|",
            })
    void whatIsNoConfigurationIsRefusedAndChangesNothing(String action, String code, String message) {
        RawResponse refused =
                assertRefused(400, code, put("<Rule><Filter/><Status>Enabled</Status>" + action + "</Rule>"));
        if (message != null) {
            assertThat(refused.element("Message")).isEqualTo(message);
        }
        assertRefused(404, "NoSuchLifecycleConfiguration", this::rules);
    }

    @Test
    void rulesHaveBounds() {
        String rule = "<Rule><Filter/><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
        assertThat(put(rule.repeat(1000)).status()).isEqualTo(200);
        assertThat(rules()).hasSize(1000);
        assertRefused(400, "MalformedXML", put(rule.repeat(1001)));
        String longPrefix = "<Rule><Filter><Prefix>" + "p".repeat(1100)
                + "</Prefix></Filter><Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>";
        assertRefused(400, "MaxMessageLengthExceeded", put(longPrefix.repeat(1000)));
        RawResponse unsigned = store.request("PUT", "/" + bucket + "?lifecycle")
                .body("<LifecycleConfiguration>" + rule + "</LifecycleConfiguration>")
                .send();
        assertRefused(400, "InvalidRequest", unsigned);
        assertThat(rules()).hasSize(1000);
    }
}
