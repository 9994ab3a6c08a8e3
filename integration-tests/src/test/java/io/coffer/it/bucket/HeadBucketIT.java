package io.coffer.it.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.NoSuchBucketException;

@ExtendWith(StoreExtension.class)
class HeadBucketIT {
    private final Store store;

    HeadBucketIT(Store store) {
        this.store = store;
    }

    @Test
    void tellsWhereABucketIs() {
        String bucket = store.newBucket();
        assertThat(store.s3().headBucket(head -> head.bucket(bucket)).bucketRegion())
                .isEqualTo("us-east-1");
        RawResponse raw = store.request("HEAD", "/" + bucket).send();
        assertThat(raw.status()).isEqualTo(200);
        assertThat(raw.header("x-amz-bucket-region")).isEqualTo("us-east-1");
        assertThat(raw.header("x-amz-access-point-alias")).isEqualTo("false");
    }

    @Test
    void tellsThatThereIsNone() {
        assertThatThrownBy(() -> store.s3().headBucket(head -> head.bucket(store.freshName())))
                .isInstanceOf(NoSuchBucketException.class);
    }

    @Test
    void checksTheExpectedOwner() {
        String bucket = store.newBucket();
        assertThat(store.request("HEAD", "/" + bucket)
                        .header("x-amz-expected-bucket-owner", "999999999999")
                        .send()
                        .status())
                .isEqualTo(403);
    }
}
