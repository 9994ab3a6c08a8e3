package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.StorageClass;

@ExtendWith(StoreExtension.class)
class PutObjectIT {
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

    private final Store store;
    private final String bucket;

    PutObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private boolean exists(String key) {
        return store.s3().listObjectsV2(list -> list.bucket(bucket).prefix(key)).contents().stream()
                .anyMatch(object -> object.key().equals(key));
    }

    private RawResponse put(String key, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/" + key).body("hello");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 4096, 16_384, 16_385, 1 << 20, (1 << 20) + 7, 20 << 20})
    void bytesComeBackAsTheyWere(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        String key = "size-" + size;
        PutObjectResponse put =
                store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromBytes(bytes));
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key(key))
                        .asByteArray())
                .isEqualTo(bytes);
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key(key));
        assertThat(head.contentLength()).isEqualTo(size);
        assertThat(head.eTag()).isEqualTo(put.eTag());
    }

    @Test
    void answersWithTheEtagAndNothingThatIsNotSo() {
        RawResponse response = put("plain");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.header("etag")).isEqualTo('"' + HELLO_MD5 + '"');
        assertThat(response.header("content-length")).isEqualTo("0");
        assertThat(response.header("x-amz-version-id")).isNull();
        assertThat(response.header("x-amz-request-id")).isNotBlank();
        assertThat(response.header("x-amz-id-2")).isNotBlank();
    }

    @Test
    void keepsWhatTheWriterSaysOfTheObject() {
        store.s3()
                .putObject(
                        object -> object.bucket(bucket)
                                .key("described")
                                .contentType("text/plain; charset=utf-8")
                                .cacheControl("max-age=60")
                                .contentDisposition("attachment; filename=\"a.txt\"")
                                .contentEncoding("gzip")
                                .contentLanguage("de")
                                .storageClass(StorageClass.STANDARD_IA)
                                .websiteRedirectLocation("/other")
                                .metadata(Map.of("colour", "blue", "with-dash", "a  b")),
                        RequestBody.fromString("x"));
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("described"));
        assertThat(head.contentType()).isEqualTo("text/plain; charset=utf-8");
        assertThat(head.cacheControl()).isEqualTo("max-age=60");
        assertThat(head.contentDisposition()).isEqualTo("attachment; filename=\"a.txt\"");
        assertThat(head.contentEncoding()).isEqualTo("gzip");
        assertThat(head.contentLanguage()).isEqualTo("de");
        assertThat(head.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
        assertThat(head.websiteRedirectLocation()).isEqualTo("/other");
        assertThat(head.metadata()).containsEntry("colour", "blue").containsKey("with-dash");
    }

    @Test
    void metadataMayBeAnyText() {
        assertThat(put("text", "x-amz-meta-raw", "ÄMÄZÕÑ", "x-amz-meta-word", "=?UTF-8?Q?caf=C3=A9?=")
                        .status())
                .isEqualTo(200);
        RawResponse head = store.request("HEAD", "/" + bucket + "/text").send();
        assertThat(head.header("x-amz-meta-raw"))
                .isEqualTo("=?UTF-8?B?" + Base64.getEncoder().encodeToString("ÄMÄZÕÑ".getBytes(StandardCharsets.UTF_8))
                        + "?=");
        assertThat(head.header("x-amz-meta-word")).isEqualTo("=?UTF-8?B?Y2Fmw6k=?=");
    }

    @Test
    void metadataIsBounded() {
        assertThat(put("meta-2048", "x-amz-meta-a", "v".repeat(2047)).status()).isEqualTo(200);
        RawResponse refused =
                assertRefused(400, "MetadataTooLarge", put("meta-2049", "x-amz-meta-a", "v".repeat(2048)));
        assertThat(refused.element("Size")).isEqualTo("2049");
        assertThat(refused.element("MaxSizeAllowed")).isEqualTo("2048");
        assertThat(exists("meta-2049")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "a//b",
                "/a",
                "a/",
                ".",
                "..",
                "a/../b",
                "%20",
                "+",
                "a+b",
                "a%20b",
                "%25",
                "%C3%A4",
                "%F0%9F%98%80",
                "%01",
                "a%0Ab",
                "~tilde",
                "!'()*",
                "a%3Fb",
                "%2e%2e%2fx",
                "a;b",
                "a%00b"
            })
    void keysAreKeptByteForByte(String encoded) {
        RawResponse put =
                store.request("PUT", "/" + bucket + "/" + encoded).body(encoded).send();
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        RawResponse get = store.request("GET", "/" + bucket + "/" + encoded).send();
        assertThat(get.text()).isEqualTo(encoded);
    }

    @Test
    void keysAreBounded() {
        assertThat(put("k".repeat(1024)).status()).isEqualTo(200);
        assertThat(put("%C3%A4".repeat(512)).status()).isEqualTo(200);
        RawResponse refused = assertRefused(400, "KeyTooLongError", put("k".repeat(1025)));
        assertThat(refused.element("Size")).isEqualTo("1025");
        assertThat(refused.element("MaxSizeAllowed")).isEqualTo("1024");
        assertRefused(400, "KeyTooLongError", put("%C3%A4".repeat(512) + "k"));
    }

    @ParameterizedTest
    @EnumSource(
            value = ChecksumAlgorithm.class,
            names = {"CRC32", "CRC32_C", "SHA1", "SHA256"})
    void checksumsAreVerifiedKeptAndReturned(ChecksumAlgorithm algorithm) {
        String key = "checksum-" + algorithm;
        PutObjectResponse put = store.s3()
                .putObject(
                        object -> object.bucket(bucket).key(key).checksumAlgorithm(algorithm),
                        RequestBody.fromString("hello"));
        assertThat(put.checksumTypeAsString()).isEqualTo("FULL_OBJECT");
        RawResponse head = store.request("HEAD", "/" + bucket + "/" + key)
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        String header = "x-amz-checksum-" + algorithm.toString().toLowerCase(java.util.Locale.ROOT);
        assertThat(head.header(header)).isNotBlank();
        assertThat(head.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
        assertThat(store.request("HEAD", "/" + bucket + "/" + key).send().header(header))
                .isNull();
        assertThat(store.s3()
                        .getObjectAsBytes(
                                object -> object.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED))
                        .asUtf8String())
                .isEqualTo("hello");
    }

    @Test
    void whoGivesNoChecksumGetsTheDefaultOne() {
        RawResponse put = store.request("PUT", "/" + bucket + "/default")
                .body("123456789")
                .send();
        assertThat(put.header("x-amz-checksum-crc64nvme")).isEqualTo("rosUhgp5mIg=");
        assertThat(put.header("x-amz-checksum-type")).isEqualTo("FULL_OBJECT");
        RawResponse get = store.request("GET", "/" + bucket + "/default")
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(get.header("x-amz-checksum-crc64nvme")).isEqualTo("rosUhgp5mIg=");
    }

    @Test
    void crc64nvmeIsVerifiedToo() {
        // The check value of the polynomial, over the digits.
        String crc = Base64.getEncoder().encodeToString(java.util.HexFormat.of().parseHex("ae8b14860a799888"));
        RawResponse put = store.request("PUT", "/" + bucket + "/crc64")
                .body("123456789")
                .header("x-amz-checksum-crc64nvme", crc)
                .send();
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        assertThat(put.header("x-amz-checksum-crc64nvme")).isEqualTo(crc);
        assertRefused(400, "BadDigest", put("crc64-wrong", "x-amz-checksum-crc64nvme", crc));
        assertThat(exists("crc64-wrong")).isFalse();
    }

    private static String crc32(String text) {
        CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getEncoder()
                .encodeToString(java.nio.ByteBuffer.allocate(4)
                        .putInt((int) crc.getValue())
                        .array());
    }

    /** The rest of a body that is longer than its head says would pass for the next request. */
    @Test
    void aConnectionEndsWithABodyThatIsAnotherThanWasSaid() {
        S3Exception refused = catchThrowableOfType(S3Exception.class, () -> putWithCrc32("AAAAAA=="));
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("BadDigest");
        assertThat(refused.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("Connection"))
                .contains("close");
        assertThat(putWithCrc32(crc32("hello")).sdkHttpResponse().firstMatchingHeader("Connection"))
                .isEmpty();
    }

    private PutObjectResponse putWithCrc32(String crc32) {
        return store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("crc32").checksumCRC32(crc32), RequestBody.fromString("hello"));
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, XUFAKrxLKna5cZ2REBfFkg==, 200, ''",
        "Content-MD5, CY9rzUYh03PK3k6DJie09g==, 400, BadDigest",
        "Content-MD5, not base64, 400, InvalidDigest",
        "Content-MD5, MTIz, 400, InvalidDigest",
        "x-amz-checksum-crc32, NhCmhg==, 200, ''",
        "x-amz-checksum-crc32, AAAAAA==, 400, BadDigest",
        "x-amz-checksum-crc32, x, 400, InvalidRequest",
        "x-amz-checksum-crc32c, AAAAAAA=, 400, InvalidRequest",
        "x-amz-checksum-sha1, AAAAAAAAAAAAAAAAAAAAAAAAAAA=, 400, BadDigest",
        "x-amz-checksum-sha512, AAAA, 501, NotImplemented",
        "x-amz-sdk-checksum-algorithm, CRC32, 400, InvalidRequest",
        "x-amz-server-side-encryption, aws:kms:dsse, 501, NotImplemented",
        "x-amz-server-side-encryption-customer-algorithm, AES256, 400, InvalidArgument",
        "x-amz-tagging, '', 200, ''",
        "x-amz-tagging, a=b&a=c, 400, InvalidArgument",
        "x-amz-tagging, a=%21, 400, InvalidTag",
        "x-amz-acl, public-read, 400, AccessControlListNotSupported",
        "x-amz-acl, private, 200, ''",
        "x-amz-acl, bucket-owner-read, 400, AccessControlListNotSupported",
        "x-amz-acl, bucket-owner-full-control, 200, ''",
        "x-amz-acl, nonsense, 400, InvalidArgument",
        "x-amz-grant-read, id=x, 400, AccessControlListNotSupported",
        "x-amz-object-lock-mode, GOVERNANCE, 400, InvalidArgument",
        "x-amz-storage-class, GLACIER, 400, InvalidStorageClass",
        "x-amz-storage-class, STANDARD, 200, ''",
        "x-amz-website-redirect-location, elsewhere, 400, InvalidRedirectLocation",
        "x-amz-write-offset-bytes, 5, 400, InvalidWriteOffset",
        "x-amz-never-heard-of, x, 200, ''",
        "x-amz-expected-bucket-owner, 999999999999, 403, AccessDenied",
        "x-amz-expected-bucket-owner, nobody, 400, InvalidBucketOwnerAWSAccountID",
        "If-Match, *, 501, NotImplemented",
        "If-Match, \"none\", 404, NoSuchKey",
        "If-None-Match, \"tag\", 501, NotImplemented",
        "If-None-Match, *, 200, ''",
    })
    void headersAreKeptOrRefused(String header, String value, int status, String code) {
        String key = "header-" + header + "-" + Integer.toHexString(value.hashCode());
        RawResponse response = put(key, header, value);
        if (status == 200) {
            assertThat(response.status()).as(response.toString()).isEqualTo(200);
        } else {
            assertRefused(status, code, response);
        }
        assertThat(exists(key)).isEqualTo(status == 200);
    }

    @Test
    void oneChecksumIsEnough() {
        assertThat(crc32("hello")).isEqualTo("NhCmhg==");
        assertRefused(
                400,
                "InvalidRequest",
                put("two", "x-amz-checksum-crc32", "NhCmhg==", "x-amz-checksum-crc32c", "mnG7TA=="));
        assertThat(exists("two")).isFalse();
    }

    @Test
    void theLengthMustBeKnown() {
        RawResponse response = store.request("PUT", "/" + bucket + "/chunked")
                .withoutContentLength()
                .header("Transfer-Encoding", "chunked")
                .payloadHash("UNSIGNED-PAYLOAD")
                .body("5\r\nhello\r\n0\r\n\r\n")
                .send();
        assertRefused(411, "MissingContentLength", response);
        assertThat(exists("chunked")).isFalse();
    }

    @Test
    void aBodyThatIsNotWhatWasSignedIsRefused() {
        RawResponse response = store.request("PUT", "/" + bucket + "/tampered")
                .body("hello")
                .payloadHash("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9825")
                .send();
        assertRefused(400, "XAmzContentSHA256Mismatch", response);
        assertThat(exists("tampered")).isFalse();
    }

    @Test
    void halfAnUploadPartIsNoPutObject() {
        assertRefused(
                400,
                "InvalidArgument",
                store.request("PUT", "/" + bucket + "/half?partNumber=1")
                        .body("x")
                        .send());
        assertThat(exists("half")).isFalse();
    }

    @Test
    void theBucketMustBeThere() {
        String missing = store.freshName();
        assertRefused(
                404,
                "NoSuchBucket",
                () -> store.s3().putObject(object -> object.bucket(missing).key("k"), RequestBody.fromString("x")));
        RawResponse refused = assertRefused(
                404,
                "NoSuchBucket",
                store.request("PUT", "/" + missing + "/k").body("x").send());
        assertThat(refused.element("BucketName")).isEqualTo(missing);
    }

    @Test
    void ifNoneMatchHoldsWhileThereIsNothing() {
        assertThat(put("once", "If-None-Match", "*").status()).isEqualTo(200);
        RawResponse refused = assertRefused(412, "PreconditionFailed", put("once", "If-None-Match", "*"));
        assertThat(refused.element("Condition")).isEqualTo("If-None-Match");
    }

    @Test
    void ifMatchHoldsWhileTheEtagIsThis() {
        assertThat(put("matched").status()).isEqualTo(200);
        assertThat(put("matched", "If-Match", '"' + HELLO_MD5 + '"').status()).isEqualTo(200);
        assertThat(put("matched", "If-Match", HELLO_MD5).status()).isEqualTo(200);
        RawResponse refused = assertRefused(412, "PreconditionFailed", put("matched", "If-Match", "\"other\""));
        assertThat(refused.element("Condition")).isEqualTo("If-Match");
        RawResponse both = put("matched", "If-Match", HELLO_MD5, "If-None-Match", "*");
        assertThat(assertRefused(501, "NotImplemented", both).element("Header")).isEqualTo("If-Match,If-None-Match");
    }

    @Test
    void ofManyWhoComeFirstOnlyOneDoes() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Integer>> writers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                writers.add(() -> put("race", "If-None-Match", "*").status());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> status : threads.invokeAll(writers)) {
                statuses.add(status.get());
            }
            assertThat(statuses).containsOnlyOnce(200);
            assertThat(statuses).allMatch(status -> status == 200 || status == 412);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"annotation", "encryption"})
    void whatIsNotOfferedIsNeverAPut(String query) {
        assertThat(put("k").status()).isEqualTo(200);
        assertRefused(
                501,
                "NotImplemented",
                store.request("PUT", "/" + bucket + "/k?" + query).body("<x/>").send());
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("hello");
    }
}
