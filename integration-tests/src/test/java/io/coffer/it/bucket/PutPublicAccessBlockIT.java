package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;

@ExtendWith(StoreExtension.class)
class PutPublicAccessBlockIT {
    private final Store store;
    private final String bucket;

    PutPublicAccessBlockIT(Store store) {
        this.store = store;
        this.bucket = store.freshName();
        store.s3().createBucket(create -> create.bucket(bucket).objectOwnership(ObjectOwnership.OBJECT_WRITER));
    }

    private void block(Consumer<PublicAccessBlockConfiguration.Builder> block) {
        store.s3().putPublicAccessBlock(put -> put.bucket(bucket).publicAccessBlockConfiguration(block));
    }

    private int anonymous(String target) {
        return store.request("GET", "/" + bucket + target).anonymous().send().status();
    }

    @Test
    void publicGrantsAreIgnoredWhereThatIsSaid() {
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.PUBLIC_READ),
                        RequestBody.fromString("x"));
        assertThat(anonymous("/k")).isEqualTo(200);
        block(b -> b.ignorePublicAcls(true));
        assertThat(anonymous("/k")).isEqualTo(403);
        block(b -> b.ignorePublicAcls(false));
        assertThat(anonymous("/k")).isEqualTo(200);
    }

    @Test
    void publicGrantsAreRefusedWhereThatIsSaid() {
        block(b -> b.blockPublicAcls(true));
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("x"));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3()
                        .putObject(
                                put -> put.bucket(bucket).key("l").acl(ObjectCannedACL.PUBLIC_READ),
                                RequestBody.fromString("x")));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3()
                        .putObjectAcl(put -> put.bucket(bucket).key("k").acl(ObjectCannedACL.AUTHENTICATED_READ)));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PUBLIC_READ_WRITE)));
        store.s3().putBucketAcl(put -> put.bucket(bucket).acl(BucketCannedACL.PRIVATE));
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).keyCount())
                .isEqualTo(1);
    }

    @Test
    void aPublicPolicyIsForTheOwnersAccountWhereThatIsSaid() {
        String policy = "{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:ListBucket\","
                + "\"Resource\":\"arn:aws:s3:::" + bucket + "\"}}";
        store.s3().putBucketPolicy(put -> put.bucket(bucket).policy(policy));
        assertThat(anonymous("")).isEqualTo(200);
        block(b -> b.restrictPublicBuckets(true));
        assertThat(anonymous("")).isEqualTo(403);
        store.s3().listObjectsV2(list -> list.bucket(bucket));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Other/>",
                "<PublicAccessBlockConfiguration><Unknown>true</Unknown></PublicAccessBlockConfiguration>",
                "<PublicAccessBlockConfiguration><BlockPublicAcls>yes</BlockPublicAcls></PublicAccessBlockConfiguration>",
                "<PublicAccessBlockConfiguration>"
            })
    void otherDocumentsAreRefusedAndChangeNothing(String document) {
        assertRefused(
                400,
                "MalformedXML",
                store.request("PUT", "/" + bucket + "?publicAccessBlock")
                        .body(document)
                        .send());
        assertRefused(
                404,
                "NoSuchPublicAccessBlockConfiguration",
                () -> store.s3().getPublicAccessBlock(get -> get.bucket(bucket)));
    }

    @Test
    void othersCanNot() {
        try (Store other = store.newAccount()) {
            assertRefused(
                    403,
                    "AccessDenied",
                    () -> other.s3()
                            .putPublicAccessBlock(put -> put.bucket(bucket).publicAccessBlockConfiguration(b -> {})));
        }
    }
}
