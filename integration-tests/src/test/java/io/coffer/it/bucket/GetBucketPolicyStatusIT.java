package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketPolicyStatusIT {
    private final Store store;
    private final String bucket;

    GetBucketPolicyStatusIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private boolean isPublic(String condition) {
        store.s3()
                .putBucketPolicy(put -> put.bucket(bucket)
                        .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
                                + "\"Resource\":\"arn:aws:s3:::" + bucket + "/*\"" + condition + "}}"));
        return store.s3()
                .getBucketPolicyStatus(get -> get.bucket(bucket))
                .policyStatus()
                .isPublic();
    }

    @Test
    void whatEverybodyMayDoIsPublic() {
        assertThat(isPublic("")).isTrue();
        assertThat(isPublic(",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":\"192.0.2.0/24\"}}"))
                .isFalse();
        assertThat(isPublic(",\"Condition\":{\"StringEquals\":{\"aws:Referer\":\"x\"}}"))
                .isTrue();
    }

    @Test
    void withoutAPolicyThereIsNoStatus() {
        assertRefused(404, "NoSuchBucketPolicy", () -> store.s3().getBucketPolicyStatus(get -> get.bucket(bucket)));
    }
}
