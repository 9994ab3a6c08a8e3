package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class DeleteBucketPolicyIT {
    private final Store store;
    private final String bucket;

    DeleteBucketPolicyIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void withoutItOnlyTheOwnerMayDoAnything() {
        String policy = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:ListBucket\","
                + "\"Resource\":\"arn:aws:s3:::" + bucket + "\"}}";
        store.s3().putBucketPolicy(put -> put.bucket(bucket).policy(policy));
        assertThat(store.request("GET", "/" + bucket).anonymous().send().status())
                .isEqualTo(200);
        assertThat(store.request("DELETE", "/" + bucket + "?policy").send().status())
                .isEqualTo(204);
        assertThat(store.request("GET", "/" + bucket).anonymous().send().status())
                .isEqualTo(403);
        assertRefused(404, "NoSuchBucketPolicy", () -> store.s3().getBucketPolicy(get -> get.bucket(bucket)));
        store.s3().deleteBucketPolicy(delete -> delete.bucket(bucket));
        store.s3().headBucket(head -> head.bucket(bucket));
    }

    @Test
    void othersCanNot() {
        try (Store other = store.newAccount()) {
            assertRefused(403, "AccessDenied", () -> other.s3().deleteBucketPolicy(delete -> delete.bucket(bucket)));
        }
    }
}
