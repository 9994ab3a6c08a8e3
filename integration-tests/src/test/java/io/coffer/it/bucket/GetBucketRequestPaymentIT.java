package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketRequestPaymentIT {
    private final Store store;
    private final String bucket;

    GetBucketRequestPaymentIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void theOwnerPays() {
        assertThat(store.request("GET", "/" + bucket + "?requestPayment").send().text())
                .endsWith("\n<RequestPaymentConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                        + "<Payer>BucketOwner</Payer></RequestPaymentConfiguration>");
        assertRefused(
                403, "AccessDenied", () -> store.newAccount().s3().getBucketRequestPayment(get -> get.bucket(bucket)));
    }
}
