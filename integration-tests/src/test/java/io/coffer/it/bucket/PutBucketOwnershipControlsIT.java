package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;

@ExtendWith(StoreExtension.class)
class PutBucketOwnershipControlsIT {
    private final Store store;
    private final String bucket;

    PutBucketOwnershipControlsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void own(ObjectOwnership ownership) {
        store.s3()
                .putBucketOwnershipControls(put ->
                        put.bucket(bucket).ownershipControls(c -> c.rules(rule -> rule.objectOwnership(ownership))));
    }

    private String ownerOf(String key) {
        return store.s3()
                .listObjectsV2(list -> list.bucket(bucket).prefix(key).fetchOwner(true))
                .contents()
                .getFirst()
                .owner()
                .id();
    }

    @Test
    void whoOwnsWhatOthersWriteIsSaidHere() {
        try (Store friend = store.newAccount()) {
            String mine = store.canonicalId();
            String theirs = friend.canonicalId();
            store.s3()
                    .putBucketPolicy(put -> put.bucket(bucket)
                            .policy("{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\""
                                    + friend.accountId() + "\"},\"Action\":\"s3:Put*\",\"Resource\":\"arn:aws:s3:::"
                                    + bucket + "/*\"}}"));
            friend.s3().putObject(put -> put.bucket(bucket).key("enforced"), RequestBody.fromString("x"));
            assertThat(ownerOf("enforced")).isEqualTo(mine);

            own(ObjectOwnership.OBJECT_WRITER);
            friend.s3().putObject(put -> put.bucket(bucket).key("written"), RequestBody.fromString("x"));
            assertThat(ownerOf("written")).isEqualTo(theirs);

            own(ObjectOwnership.BUCKET_OWNER_PREFERRED);
            friend.s3().putObject(put -> put.bucket(bucket).key("kept"), RequestBody.fromString("x"));
            assertThat(ownerOf("kept")).isEqualTo(theirs);
            friend.s3()
                    .putObject(
                            put -> put.bucket(bucket).key("left").acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL),
                            RequestBody.fromString("x"));
            assertThat(ownerOf("left")).isEqualTo(mine);

            own(ObjectOwnership.BUCKET_OWNER_ENFORCED);
            assertThat(ownerOf("written")).isEqualTo(mine);
        }
    }

    @Test
    void grantsMustGoBeforeTheyStopCounting() {
        own(ObjectOwnership.OBJECT_WRITER);
        store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ));
        assertRefused(400, "InvalidBucketAclWithObjectOwnership", () -> own(ObjectOwnership.BUCKET_OWNER_ENFORCED));
        store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PRIVATE));
        own(ObjectOwnership.BUCKET_OWNER_ENFORCED);
        assertRefused(
                400,
                "AccessControlListNotSupported",
                () -> store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PRIVATE)));
    }

    @Test
    void grantsOfObjectsCountAgainWhenTheyMay() {
        own(ObjectOwnership.OBJECT_WRITER);
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromString("x"));
        String target = "/" + bucket + "/k";
        assertThat(store.request("GET", target).anonymous().send().status()).isEqualTo(200);
        own(ObjectOwnership.BUCKET_OWNER_ENFORCED);
        assertThat(store.request("GET", target).anonymous().send().status()).isEqualTo(403);
        own(ObjectOwnership.BUCKET_OWNER_PREFERRED);
        assertThat(store.request("GET", target).anonymous().send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Other/>",
                "<OwnershipControls/>",
                "<OwnershipControls><Rule/></OwnershipControls>",
                "<OwnershipControls><Rule><ObjectOwnership>Mine</ObjectOwnership></Rule></OwnershipControls>",
                "<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule></OwnershipControls>"
            })
    void otherDocumentsAreRefusedAndChangeNothing(String document) {
        assertRefused(
                400,
                "MalformedXML",
                store.request("PUT", "/" + bucket + "?ownershipControls")
                        .document(document)
                        .send());
        assertThat(store.s3()
                        .getBucketOwnershipControls(get -> get.bucket(bucket))
                        .ownershipControls()
                        .rules()
                        .getFirst()
                        .objectOwnership())
                .isEqualTo(ObjectOwnership.BUCKET_OWNER_ENFORCED);
    }
}
