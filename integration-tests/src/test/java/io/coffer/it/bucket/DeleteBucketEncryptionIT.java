package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

@ExtendWith(StoreExtension.class)
class DeleteBucketEncryptionIT {
    private final Store store;
    private final String bucket;

    DeleteBucketEncryptionIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void whatWasSetIsTakenBackAndObjectsStayAsTheyAre() {
        store.s3()
                .putBucketEncryption(put -> put.bucket(bucket)
                        .serverSideEncryptionConfiguration(
                                configuration -> configuration.rules(rule -> rule.applyServerSideEncryptionByDefault(
                                        byDefault -> byDefault.sseAlgorithm(ServerSideEncryption.AES256)))));
        put("before");
        store.s3().deleteBucketEncryption(delete -> delete.bucket(bucket));
        put("after");
        assertThat(encryption("before")).isEqualTo(ServerSideEncryption.AES256);
        assertThat(encryption("after")).isNull();
        assertRefused(
                404,
                "ServerSideEncryptionConfigurationNotFoundError",
                store.request("GET", "/" + bucket + "?encryption").send());
    }

    @Test
    void itNeedNotBeThereButTheBucketMust() {
        assertThat(store.request("DELETE", "/" + bucket + "?encryption").send().status())
                .isEqualTo(204);
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("DELETE", "/" + store.freshName() + "?encryption").send());
        assertRefused(
                403,
                "AccessDenied",
                store.newAccount()
                        .request("DELETE", "/" + bucket + "?encryption")
                        .send());
    }

    private void put(String key) {
        store.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("x"));
    }

    private ServerSideEncryption encryption(String key) {
        return store.s3().headObject(head -> head.bucket(bucket).key(key)).serverSideEncryption();
    }
}
