package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class DeletePublicAccessBlockIT {
    private final Store store;
    private final String bucket;

    DeletePublicAccessBlockIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void nothingIsForbiddenAfterwards() {
        store.s3()
                .putPublicAccessBlock(
                        put -> put.bucket(bucket).publicAccessBlockConfiguration(b -> b.blockPublicPolicy(true)));
        assertThat(store.request("DELETE", "/" + bucket + "?publicAccessBlock")
                        .send()
                        .status())
                .isEqualTo(204);
        assertRefused(
                404,
                "NoSuchPublicAccessBlockConfiguration",
                () -> store.s3().getPublicAccessBlock(get -> get.bucket(bucket)));
        store.s3()
                .putBucketPolicy(put -> put.bucket(bucket)
                        .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
                                + "\"Resource\":\"arn:aws:s3:::" + bucket + "/*\"}}"));
        store.s3().deletePublicAccessBlock(delete -> delete.bucket(bucket));
    }
}
