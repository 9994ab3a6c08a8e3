package io.coffer.it.access;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;

/** What an account forbids holds for all of its buckets, also those that say nothing or less. */
@ExtendWith(StoreExtension.class)
class AccountPublicAccessBlockIT {
    private static final Duration SEEN = Duration.ofSeconds(10);

    private final Store root;
    private final Store owner;
    private final String path;
    private final String bucket;

    AccountPublicAccessBlockIT(Store store) {
        this.root = store;
        this.owner = store.newAccount();
        this.path = "/v1/accounts/" + owner.accountId() + "/public-access-block";
        this.bucket = store.freshName();
        owner.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private RawResponse admin(String method, String body) {
        return root.adminRequest(method, path)
                .header("Content-Type", "application/json")
                .body(body)
                .send();
    }

    private int anonymous() {
        return root.request("GET", "/" + bucket).anonymous().send().status();
    }

    @Test
    void publicGrantsOfEveryBucketAreIgnored() {
        owner.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ));
        owner.s3()
                .putPublicAccessBlock(
                        put -> put.bucket(bucket).publicAccessBlockConfiguration(b -> b.ignorePublicAcls(false)));
        assertThat(anonymous()).isEqualTo(200);
        assertThat(admin("PUT", "{\"ignorePublicAcls\":true}").status()).isEqualTo(204);
        Awaitility.await().atMost(SEEN).until(() -> anonymous() == 403);
        assertThat(admin("GET", "").text())
                .contains("\"ignorePublicAcls\":true")
                .contains("\"blockPublicAcls\":false");
        assertThat(admin("DELETE", "").status()).isEqualTo(204);
        Awaitility.await().atMost(SEEN).until(() -> anonymous() == 200);
    }

    @Test
    void aBucketCanNotBeginPublic() {
        assertThat(admin("PUT", "{\"blockPublicAcls\":true,\"restrictPublicBuckets\":true}")
                        .status())
                .isEqualTo(204);
        String other = root.freshName();
        assertRefused(
                400,
                "InvalidBucketAclWithBlockPublicAccessError",
                () -> owner.s3()
                        .createBucket(create -> create.bucket(other)
                                .objectOwnership(ObjectOwnership.OBJECT_WRITER)
                                .acl(BucketCannedACL.PUBLIC_READ)));
        assertRefused(404, "NoSuchBucket", () -> owner.s3().listObjectsV2(list -> list.bucket(other)));
        owner.s3()
                .putBucketPolicy(put -> put.bucket(bucket)
                        .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:ListBucket\","
                                + "\"Resource\":\"arn:aws:s3:::" + bucket + "\"}}"));
        assertThat(anonymous()).isEqualTo(403);
    }

    @Test
    void onlySwitchesAreTaken() {
        assertThat(admin("PUT", "{\"ignorePublicAcls\":\"yes\"}").status()).isEqualTo(400);
        assertThat(root.adminRequest("GET", "/v1/accounts/nobody/public-access-block")
                        .send()
                        .status())
                .isEqualTo(404);
    }
}
