package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.Payer;

@ExtendWith(StoreExtension.class)
class BucketConfigurationReadIT {
    private final Store store;
    private final String bucket;

    BucketConfigurationReadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @ParameterizedTest
    @CsvSource({
        "encryption, ServerSideEncryptionConfigurationNotFoundError",
        "replication, ReplicationConfigurationNotFoundError",
        "website, NoSuchWebsiteConfiguration",
        "metadataTable, MetadataConfigurationNotFound",
        "metadataConfiguration, MetadataConfigurationNotFound",
        "object-lock, ObjectLockConfigurationNotFoundError",
        "analytics&id=x, NoSuchConfiguration",
        "id=x&inventory, NoSuchConfiguration",
        "id=x&metrics, NoSuchConfiguration",
        "id=x&intelligent-tiering, NoSuchConfiguration",
    })
    void whatNobodyHasSetIsNotThere(String query, String code) {
        RawResponse refused = assertRefused(
                404, code, store.request("GET", "/" + bucket + "?" + query).send());
        assertThat(refused.element("BucketName")).isEqualTo(bucket);
    }

    @ParameterizedTest
    @CsvSource({
        "abac, <AbacStatus %s><Status>Disabled</Status></AbacStatus>",
        "logging, <BucketLoggingStatus %s/>",
        "notification, <NotificationConfiguration %s/>",
        "analytics, <ListBucketAnalyticsConfigurationResult %s><IsTruncated>false</IsTruncated></ListBucketAnalyticsConfigurationResult>",
    })
    void defaultsAreDocuments(String query, String document) {
        RawResponse response = store.request("GET", "/" + bucket + "?" + query).send();
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + document.formatted("xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""));
    }

    @Test
    void theStockClientReadsThemAll() {
        var s3 = store.s3();
        assertThat(s3.getBucketVersioning(get -> get.bucket(bucket)).status()).isNull();
        assertThat(s3.getBucketRequestPayment(get -> get.bucket(bucket)).payer())
                .isEqualTo(Payer.BUCKET_OWNER);
        assertThat(s3.getBucketAccelerateConfiguration(get -> get.bucket(bucket))
                        .status())
                .isNull();
        assertThat(s3.getBucketLogging(get -> get.bucket(bucket)).loggingEnabled())
                .isNull();
        assertThat(s3.getBucketNotificationConfiguration(get -> get.bucket(bucket))
                        .queueConfigurations())
                .isEmpty();
        assertThat(s3.listBucketMetricsConfigurations(list -> list.bucket(bucket))
                        .metricsConfigurationList())
                .isEmpty();
        assertThat(s3.listBucketInventoryConfigurations(list -> list.bucket(bucket))
                        .inventoryConfigurationList())
                .isEmpty();
        assertThat(s3.listBucketAnalyticsConfigurations(list -> list.bucket(bucket))
                        .analyticsConfigurationList())
                .isEmpty();
        assertThat(s3.listBucketIntelligentTieringConfigurations(list -> list.bucket(bucket))
                        .intelligentTieringConfigurationList())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"cors", "versioning", "logging", "metrics"})
    void theBucketMustBeThere(String query) {
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("GET", "/" + store.freshName() + "?" + query).send());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "website",
                "logging",
                "notification",
                "replication",
                "abac",
                "analytics&id=x",
                "inventory&id=x",
                "metrics&id=x",
                "intelligent-tiering&id=x"
            })
    void settingThemIsNotOffered(String query) {
        assertRefused(
                501,
                "NotImplemented",
                store.request("PUT", "/" + bucket + "?" + query).body("<x/>").send());
    }
}
