package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.StorageClass;

@ExtendWith(StoreExtension.class)
class CopyObjectIT {
    private static final String HELLO_MD5 = "\"5d41402abc4b2a76b9719d911017c592\"";
    private static final String LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String FAR_AHEAD = "Fri, 01 Jan 2100 00:00:00 GMT";

    private final Store store;
    private final String bucket;

    CopyObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3()
                .putObject(
                        object -> object.bucket(bucket)
                                .key("source")
                                .contentType("text/plain")
                                .metadata(Map.of("a", "1"))
                                .storageClass(StorageClass.STANDARD_IA),
                        RequestBody.fromString("hello"));
    }

    private RawResponse copy(String key, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/" + key);
        boolean named = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            named |= headers[i].equals("x-amz-copy-source");
        }
        if (!named) {
            request.header("x-amz-copy-source", bucket + "/source");
        }
        return request.send();
    }

    private boolean exists(String key) {
        return store.request("HEAD", "/" + bucket + "/" + key).send().status() == 200;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 5, 16_384, 3_000_000, 70_000_000})
    void copiesTheBytesWhateverTheirNumber(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        store.s3().putObject(object -> object.bucket(bucket).key("bytes"), RequestBody.fromBytes(bytes));
        String target = store.newBucket();
        CopyObjectResponse copied = store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("bytes")
                        .destinationBucket(target)
                        .destinationKey("copy"));
        store.s3().deleteObject(object -> object.bucket(bucket).key("bytes"));
        var read = store.s3().getObjectAsBytes(object -> object.bucket(target).key("copy"));
        assertThat(read.asByteArray()).isEqualTo(bytes);
        assertThat(read.response().eTag()).isEqualTo(copied.copyObjectResult().eTag());
    }

    @Test
    void answersWithTheResult() {
        RawResponse response = copy("raw");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.element("ETag")).isEqualTo(HELLO_MD5);
        assertThat(response.element("LastModified")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        assertThat(response.header("x-amz-version-id")).isNull();
        assertThat(response.header("x-amz-copy-source-version-id")).isNull();
        assertThat(response.header("content-type")).isEqualTo("application/xml");
    }

    @Test
    void takesTheSourcesAttributes() {
        copy("kept", "Content-Type", "image/png", "x-amz-meta-b", "2");
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("kept"));
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(head.storageClass()).isNull();
    }

    @Test
    void orTheRequests() {
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("source")
                        .destinationBucket(bucket)
                        .destinationKey("replaced")
                        .metadataDirective(MetadataDirective.REPLACE)
                        .contentType("image/png")
                        .storageClass(StorageClass.ONEZONE_IA)
                        .metadata(Map.of("b", "2")));
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("replaced"));
        assertThat(head.contentType()).isEqualTo("image/png");
        assertThat(head.metadata()).isEqualTo(Map.of("b", "2"));
        assertThat(head.storageClass()).isEqualTo(StorageClass.ONEZONE_IA);
        assertRefused(400, "InvalidArgument", copy("x", "x-amz-metadata-directive", "MERGE"));
    }

    @Test
    void toItselfOnlyWithAChange() {
        RawResponse refused = assertRefused(400, "InvalidRequest", copy("source"));
        assertThat(refused.element("Message")).contains("without changing the object's metadata");
        assertThat(copy("source", "x-amz-metadata-directive", "REPLACE", "Content-Type", "a/b")
                        .status())
                .isEqualTo(200);
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("source"))
                        .asUtf8String())
                .isEqualTo("hello");
        assertThat(copy("source", "x-amz-storage-class", "STANDARD").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-amz-copy-source-if-match            | " + HELLO_MD5 + " | 200 | ''",
                "x-amz-copy-source-if-match            | \"x\"             | 412 | x-amz-copy-source-If-Match",
                "x-amz-copy-source-if-none-match       | \"x\"             | 200 | ''",
                "x-amz-copy-source-if-none-match       | " + HELLO_MD5 + " | 412 | x-amz-copy-source-If-None-Match",
                "x-amz-copy-source-if-modified-since   | " + LONG_AGO + "  | 200 | ''",
                "x-amz-copy-source-if-modified-since   | " + FAR_AHEAD + " | 412 | x-amz-copy-source-If-Modified-Since",
                "x-amz-copy-source-if-unmodified-since | " + FAR_AHEAD + " | 200 | ''",
                "x-amz-copy-source-if-unmodified-since | " + LONG_AGO
                        + "  | 412 | x-amz-copy-source-If-Unmodified-Since",
            })
    void theSourceMustMeetItsConditions(String header, String value, int status, String condition) {
        String key = "conditional-" + Integer.toHexString((header + value).hashCode());
        RawResponse response = copy(key, header, value);
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(exists(key)).isEqualTo(status == 200);
        if (status == 412) {
            assertThat(assertRefused(412, "PreconditionFailed", response).element("Condition"))
                    .isEqualTo(condition);
        }
    }

    @Test
    void theTargetMustMeetItsConditions() {
        assertThat(copy("target", "If-None-Match", "*").status()).isEqualTo(200);
        assertRefused(412, "PreconditionFailed", copy("target", "If-None-Match", "*"));
        assertThat(copy("target", "If-Match", HELLO_MD5).status()).isEqualTo(200);
        assertRefused(412, "PreconditionFailed", copy("target", "If-Match", "\"x\""));
        assertRefused(404, "NoSuchKey", copy("other", "If-Match", HELLO_MD5));
        assertThat(exists("other")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, 400, InvalidArgument",
        "/, 400, InvalidArgument",
        "'', 400, InvalidArgument",
        "{bucket}/, 400, InvalidArgument",
        "{bucket}/missing, 404, NoSuchKey",
        "no-such-bucket-anywhere/k, 404, NoSuchBucket",
        "{bucket}/source?versionId=nonsense, 400, InvalidArgument",
        "{bucket}/source?versionId=cv100000000000000000000000000001, 404, NoSuchVersion",
        "{bucket}/%zz, 400, InvalidArgument",
    })
    void theSourceMustBeThere(String source, int status, String code) {
        assertRefused(status, code, copy("from-nothing", "x-amz-copy-source", source.replace("{bucket}", bucket)));
        assertThat(exists("from-nothing")).isFalse();
    }

    @Test
    void sourcesAreWrittenInManyWays() {
        store.s3().putObject(object -> object.bucket(bucket).key("a b+c/ä?x"), RequestBody.fromString("odd"));
        for (String source :
                new String[] {"/" + bucket + "/a%20b%2Bc/%C3%A4%3Fx", bucket + "/a b+c/ä%3Fx?versionId=null"}) {
            RawResponse response = copy("odd-copy", "x-amz-copy-source", source);
            assertThat(response.status()).as("%s: %s", source, response).isEqualTo(200);
        }
    }

    @Test
    void checksumsAreKept() {
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("sum").checksumAlgorithm(ChecksumAlgorithm.SHA256),
                        RequestBody.fromString("hello"));
        RawResponse response = copy("sum-copy", "x-amz-copy-source", bucket + "/sum");
        assertThat(response.element("ChecksumSHA256")).isEqualTo("LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=");
        assertThat(response.element("ChecksumType")).isEqualTo("FULL_OBJECT");
    }

    @Test
    void orMadeAnew() {
        byte[] bytes = new byte[2_000_000];
        store.s3().putObject(object -> object.bucket(bucket).key("zeros"), RequestBody.fromBytes(bytes));
        RawResponse response =
                copy("zeros-copy", "x-amz-copy-source", bucket + "/zeros", "x-amz-checksum-algorithm", "SHA1");
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
        assertThat(response.element("ChecksumSHA1")).isEqualTo("Rh1FlaG9o1waFTTLmyv8O2LoS0c=");
        assertThat(store.request("HEAD", "/" + bucket + "/zeros-copy")
                        .header("x-amz-checksum-mode", "ENABLED")
                        .send()
                        .header("x-amz-checksum-sha1"))
                .isEqualTo(response.element("ChecksumSHA1"));
        assertRefused(400, "InvalidRequest", copy("x", "x-amz-checksum-algorithm", "ADLER32"));
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-server-side-encryption, aws:kms:dsse, 501, NotImplemented",
        "x-amz-copy-source-server-side-encryption-customer-algorithm, AES256, 400, InvalidArgument",
        "x-amz-tagging, a=b&a=c, 400, InvalidArgument",
        "x-amz-tagging, a=%21, 400, InvalidTag",
        "x-amz-acl, public-read, 400, AccessControlListNotSupported",
        "x-amz-storage-class, GLACIER, 400, InvalidStorageClass",
        "x-amz-source-expected-bucket-owner, 999999999999, 403, AccessDenied",
        "x-amz-expected-bucket-owner, 999999999999, 403, AccessDenied",
    })
    void refusesWhatIsNotOffered(String header, String value, int status, String code) {
        assertRefused(status, code, copy("refused", header, value));
        assertThat(exists("refused")).isFalse();
    }

    @Test
    void strangersMayNot() {
        RawResponse response = store.request("PUT", "/" + bucket + "/anonymous")
                .header("x-amz-copy-source", bucket + "/source")
                .anonymous()
                .send();
        assertRefused(403, "AccessDenied", response);
    }
}
