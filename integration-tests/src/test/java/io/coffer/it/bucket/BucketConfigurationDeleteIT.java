package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(StoreExtension.class)
class BucketConfigurationDeleteIT {
    private final Store store;
    private final String bucket;

    BucketConfigurationDeleteIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @ParameterizedTest
    @ValueSource(strings = {"website", "replication"})
    void whatIsNotThereIsDeleted(String query) {
        assertThat(store.request("DELETE", "/" + bucket + "?" + query).send().status())
                .isEqualTo(204);
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("DELETE", "/" + store.freshName() + "?" + query).send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"analytics", "inventory", "metrics", "intelligent-tiering"})
    void whatHasANameIsMissed(String query) {
        assertRefused(
                404,
                "NoSuchConfiguration",
                store.request("DELETE", "/" + bucket + "?" + query + "&id=x").send());
    }

    @Test
    void othersCanNot() {
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount().s3().deleteBucketWebsite(delete -> delete.bucket(bucket)));
    }
}
