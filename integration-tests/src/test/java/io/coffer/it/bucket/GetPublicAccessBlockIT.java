package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

@ExtendWith(StoreExtension.class)
class GetPublicAccessBlockIT {
    private final Store store;
    private final String bucket;

    GetPublicAccessBlockIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void itTellsAllFourSwitches() {
        store.s3()
                .putPublicAccessBlock(put -> put.bucket(bucket)
                        .publicAccessBlockConfiguration(
                                b -> b.blockPublicAcls(true).restrictPublicBuckets(true)));
        assertThat(store.s3().getPublicAccessBlock(get -> get.bucket(bucket)).publicAccessBlockConfiguration())
                .isEqualTo(PublicAccessBlockConfiguration.builder()
                        .blockPublicAcls(true)
                        .ignorePublicAcls(false)
                        .blockPublicPolicy(false)
                        .restrictPublicBuckets(true)
                        .build());
    }

    @Test
    void aBucketWithoutOneSaysSo() {
        RawResponse refused = assertRefused(
                404,
                "NoSuchPublicAccessBlockConfiguration",
                store.request("GET", "/" + bucket + "?publicAccessBlock").send());
        assertThat(refused.element("BucketName")).isEqualTo(bucket);
    }
}
