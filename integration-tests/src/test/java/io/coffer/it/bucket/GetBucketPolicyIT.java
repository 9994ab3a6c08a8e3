package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketPolicyIT {
    private final Store store;
    private final String bucket;

    GetBucketPolicyIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void itIsToldAsItWasWritten() {
        String policy = "{ \"Statement\" : {\"Effect\":\"Deny\",\"Principal\":\"*\",\n\"Action\":\"s3:PutObject\","
                + "\"Resource\":\"arn:aws:s3:::" + bucket + "/\u00fc*\"}}";
        store.s3().putBucketPolicy(put -> put.bucket(bucket).policy(policy));
        assertThat(store.s3().getBucketPolicy(get -> get.bucket(bucket)).policy())
                .isEqualTo(policy);
        RawResponse response = store.request("GET", "/" + bucket + "?policy").send();
        assertThat(response.header("Content-Type")).isEqualTo("application/json");
    }

    @Test
    void aBucketWithoutOneSaysSo() {
        RawResponse refused = assertRefused(
                404,
                "NoSuchBucketPolicy",
                store.request("GET", "/" + bucket + "?policy").send());
        assertThat(refused.element("BucketName")).isEqualTo(bucket);
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("GET", "/" + store.freshName() + "?policy").send());
    }

    @Test
    void othersCanNot() {
        try (Store other = store.newAccount()) {
            assertRefused(403, "AccessDenied", () -> other.s3().getBucketPolicy(get -> get.bucket(bucket)));
        }
    }
}
