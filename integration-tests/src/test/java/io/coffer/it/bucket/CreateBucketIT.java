package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;
import software.amazon.awssdk.services.s3.model.Tag;

@ExtendWith(StoreExtension.class)
class CreateBucketIT {
    private final Store store;

    CreateBucketIT(Store store) {
        this.store = store;
    }

    private boolean exists(String name) {
        return store.request("HEAD", "/" + name).send().status() == 200;
    }

    @Test
    void makesABucket() {
        String name = store.freshName();
        CreateBucketResponse response = store.s3().createBucket(bucket -> bucket.bucket(name));
        assertThat(response.location()).isEqualTo("/" + name);
        assertThat(exists(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"eu-west-1", "us-east-1", "EU", "my-rack-7"})
    void putsItWhereItIsAskedFor(String region) {
        String name = store.freshName();
        RawResponse response = store.request("PUT", "/" + name)
                .body(
                        "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><LocationConstraint>"
                                + region + "</LocationConstraint></CreateBucketConfiguration>")
                .send();
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
        assertThat(store.request("HEAD", "/" + name).send().header("x-amz-bucket-region"))
                .isEqualTo(region);
    }

    @Test
    void onesOwnBucketIsThereAlready() {
        String name = store.freshName();
        String elsewhere =
                "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>";
        store.request("PUT", "/" + name).body(elsewhere).send();
        RawResponse refused = assertRefused(
                409,
                "BucketAlreadyOwnedByYou",
                store.request("PUT", "/" + name).body(elsewhere).send());
        assertThat(refused.element("BucketName")).isEqualTo(name);
        assertRefused(
                409, "BucketAlreadyOwnedByYou", store.request("PUT", "/" + name).send());
    }

    @Test
    void itHasTheTagsThatItIsCreatedWith() {
        String name = store.freshName();
        Tag tag = Tag.builder().key("team").value("blue").build();
        store.s3().createBucket(create -> create.bucket(name).createBucketConfiguration(with -> with.tags(tag)));

        assertThat(store.s3().getBucketTagging(get -> get.bucket(name)).tagSet())
                .containsExactly(tag);
    }

    @Test
    void inTheOldestRegionItIsCreatedAgainWithAnotherAccessControlList() {
        String name = store.freshName();
        store.s3()
                .createBucket(create -> create.bucket(name)
                        .objectOwnership(ObjectOwnership.OBJECT_WRITER)
                        .acl(BucketCannedACL.PUBLIC_READ));
        store.s3().putObject(put -> put.bucket(name).key("key"), RequestBody.fromString("kept"));
        assertThat(store.request("GET", "/" + name).anonymous().send().status()).isEqualTo(200);

        store.s3().createBucket(create -> create.bucket(name));

        assertThat(store.request("GET", "/" + name).anonymous().send().status()).isEqualTo(403);
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(name).key("key"))
                        .asUtf8String())
                .isEqualTo("kept");
        store.s3()
                .createBucket(create -> create.bucket(name)
                        .objectOwnership(ObjectOwnership.OBJECT_WRITER)
                        .acl(BucketCannedACL.PUBLIC_READ));
        assertThat(store.request("GET", "/" + name).anonymous().send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"x-amz-bucket-object-lock-enabled, true", "x-amz-object-ownership, ObjectWriter"})
    void whatTheBucketIsNotIsNotPromisedWhenItIsCreatedAgain(String header, String value) {
        String name = store.newBucket();
        assertRefused(
                409,
                "BucketAlreadyOwnedByYou",
                store.request("PUT", "/" + name).header(header, value).send());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ab",
                "Upper",
                "under_score",
                "-ab",
                "ab-",
                "a..b",
                "192.168.5.4",
                "xn--abc",
                "sthree-abc",
                "abc-s3alias",
                "abc--x-s3",
                "0123456789012345678901234567890123456789012345678901234567890123"
            })
    void namesFollowTheRules(String name) {
        assertRefused(400, "InvalidBucketName", store.request("PUT", "/" + name).send());
    }

    @ParameterizedTest
    @CsvSource({
        "<CreateBucketConfiguration, 400, MalformedXML",
        "<Other/>, 400, MalformedXML",
        "<CreateBucketConfiguration><Unknown/></CreateBucketConfiguration>, 400, MalformedXML",
        "<CreateBucketConfiguration><LocationConstraint>a b</LocationConstraint></CreateBucketConfiguration>, 400,"
                + " InvalidLocationConstraint",
        "<CreateBucketConfiguration><Location/></CreateBucketConfiguration>, 501, NotImplemented",
        "<CreateBucketConfiguration><Tags><Tag/></Tags></CreateBucketConfiguration>, 400, MalformedXML",
    })
    void refusesOtherDocuments(String document, int status, String code) {
        String name = store.freshName();
        assertRefused(
                status, code, store.request("PUT", "/" + name).body(document).send());
        assertThat(exists(name)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-acl, public-read, 400, InvalidBucketAclWithObjectOwnership",
        "x-amz-acl, nonsense, 400, InvalidArgument",
        "x-amz-grant-read, id=nobody, 400, InvalidArgument",
        "x-amz-bucket-object-lock-enabled, perhaps, 400, InvalidArgument",
        "x-amz-object-ownership, ObjectWriter, 200, ''",
        "x-amz-object-ownership, Nonsense, 400, InvalidArgument",
        "x-amz-object-ownership, BucketOwnerEnforced, 200, ''",
        "x-amz-acl, private, 200, ''",
    })
    void headersAreKeptOrRefused(String header, String value, int status, String code) {
        String name = store.freshName();
        RawResponse response =
                store.request("PUT", "/" + name).header(header, value).send();
        if (status == 200) {
            assertThat(response.status()).isEqualTo(200);
        } else {
            assertRefused(status, code, response);
        }
        assertThat(exists(name)).isEqualTo(status == 200);
    }

    @Test
    void isNeverAnonymous() {
        String name = store.freshName();
        assertRefused(
                403,
                "AccessDenied",
                store.request("PUT", "/" + name).anonymous().send());
        assertThat(exists(name)).isFalse();
    }

    @Test
    void grantsBeginWithTheBucketWhereTheyCount() {
        String name = store.freshName();
        store.s3()
                .createBucket(create -> create.bucket(name)
                        .objectOwnership(ObjectOwnership.BUCKET_OWNER_PREFERRED)
                        .acl(BucketCannedACL.PUBLIC_READ));
        assertThat(store.request("GET", "/" + name).anonymous().send().status()).isEqualTo(200);
        assertThat(store.s3().getBucketAcl(get -> get.bucket(name)).grants()).hasSize(2);
        assertThat(store.s3()
                        .getBucketOwnershipControls(get -> get.bucket(name))
                        .ownershipControls()
                        .rules()
                        .getFirst()
                        .objectOwnership())
                .isEqualTo(ObjectOwnership.BUCKET_OWNER_PREFERRED);
    }
}
