package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.Payer;

@ExtendWith(StoreExtension.class)
class PutBucketRequestPaymentIT {
    private final Store store;
    private final String bucket;

    PutBucketRequestPaymentIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(Payer payer) {
        store.s3().putBucketRequestPayment(put -> put.bucket(bucket).requestPaymentConfiguration(c -> c.payer(payer)));
    }

    @Test
    void onlyTheOwnerCanPay() {
        put(Payer.BUCKET_OWNER);
        assertRefused(501, "NotImplemented", () -> put(Payer.REQUESTER));
        assertThat(store.s3().getBucketRequestPayment(get -> get.bucket(bucket)).payer())
                .isEqualTo(Payer.BUCKET_OWNER);
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .putBucketRequestPayment(put ->
                                put.bucket(bucket).requestPaymentConfiguration(c -> c.payer(Payer.BUCKET_OWNER))));
    }

    @ParameterizedTest
    @CsvSource({
        "<RequestPaymentConfiguration/>, MalformedXML",
        "<RequestPaymentConfiguration><Payer>Nobody</Payer></RequestPaymentConfiguration>, MalformedXML",
        "<RequestPaymentConfiguration><Payer>BucketOwner</Payer><x/></RequestPaymentConfiguration>, MalformedXML",
        "'', MissingRequestBodyError",
    })
    void whatIsNoConfigurationIsRefused(String document, String code) {
        assertRefused(
                400,
                code,
                store.request("PUT", "/" + bucket + "?requestPayment")
                        .document(document)
                        .send());
    }
}
