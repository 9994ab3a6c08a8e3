package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.SignedForm;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CORSRule;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.StorageClass;
import software.amazon.awssdk.services.s3.model.Tag;

@ExtendWith(StoreExtension.class)
class PostObjectIT {
    private static final String TAGGING =
            "<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b c</Key><Value/></Tag></TagSet></Tagging>";

    private final Store store;
    private final String bucket;

    PostObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private SignedForm form(String key) {
        return store.form(bucket, key);
    }

    private byte[] get(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    private HeadObjectResponse head(String key) {
        return store.s3().headObject(head -> head.bucket(bucket).key(key).checksumMode(ChecksumMode.ENABLED));
    }

    private void assertNothingStored() {
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .isEmpty();
    }

    private static byte[] digest(String algorithm, byte[] bytes) throws Exception {
        return MessageDigest.getInstance(algorithm).digest(bytes);
    }

    private static String etag(byte[] bytes) throws Exception {
        return '"' + HexFormat.of().formatHex(digest("MD5", bytes)) + '"';
    }

    @Test
    void aSignedFormStoresItsFileWithWhatItSaysOfIt() throws Exception {
        byte[] content = new byte[5000];
        new Random(1).nextBytes(content);
        String sha256 = Base64.getEncoder().encodeToString(digest("SHA-256", content));
        RawResponse response = form("photos/${filename}")
                .field("Content-Type", "image/png")
                .field("Cache-Control", "max-age=60")
                .field("Content-Disposition", "attachment; filename=\"ü.png\"")
                .field("x-amz-meta-Colour", "grün")
                .field("x-amz-storage-class", "STANDARD_IA")
                .field("x-amz-checksum-sha256", sha256)
                .field("tagging", TAGGING)
                .field("acl", "private")
                .field("x-ignore-this", "anything")
                .file("C:\\pictures\\a b.png", content)
                .after("submit", "Upload")
                .send();
        assertThat(response.status()).as(response.toString()).isEqualTo(204);
        assertThat(response.header("etag")).isEqualTo(etag(content));
        assertThat(response.header("x-amz-checksum-sha256")).isEqualTo(sha256);
        assertThat(response.header("content-type")).isNull();
        assertThat(response.header("location")).isEqualTo(store.endpoint() + "/" + bucket + "/photos%2Fa%20b.png");

        assertThat(get("photos/a b.png")).isEqualTo(content);
        HeadObjectResponse head = head("photos/a b.png");
        assertThat(head.contentType()).isEqualTo("image/png");
        assertThat(head.cacheControl()).isEqualTo("max-age=60");
        assertThat(head.metadata().keySet()).containsExactly("colour");
        assertThat(head.storageClass()).isEqualTo(StorageClass.STANDARD_IA);
        assertThat(head.checksumSHA256()).isEqualTo(sha256);
        assertThat(store.s3()
                        .getObjectTagging(get -> get.bucket(bucket).key("photos/a b.png"))
                        .tagSet())
                .containsExactlyInAnyOrder(
                        Tag.builder().key("a").value("1").build(),
                        Tag.builder().key("b c").value("").build());
    }

    @Test
    void filesOfAnySizeArriveWhole() throws Exception {
        for (int size : new int[] {0, 1, 8191, 8192, 8193, 70_000, 3 << 20}) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            assertThat(form("plain" + size).file("f", content).send().status()).isEqualTo(204);
            assertThat(form("more" + size)
                            .file("f", content)
                            .after("submit", "x".repeat(5000))
                            .send()
                            .status())
                    .isEqualTo(204);
            for (String key : new String[] {"plain" + size, "more" + size}) {
                assertThat(get(key)).as(key).isEqualTo(content);
                assertThat(head(key).contentLength()).isEqualTo(size);
                assertThat(head(key).eTag()).isEqualTo(etag(content));
            }
        }
        byte[] whole = get("more70000");
        assertThat(store.s3()
                        .getObjectAsBytes(
                                get -> get.bucket(bucket).key("more70000").range("bytes=-10"))
                        .asByteArray())
                .isEqualTo(java.util.Arrays.copyOfRange(whole, 69_990, 70_000));
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("more70000")
                        .destinationBucket(bucket)
                        .destinationKey("copy"));
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("more70000"));
        assertThat(get("copy")).isEqualTo(whole);
    }

    @Test
    void filesAreEncryptedAsTheFormAsks() {
        for (int size : new int[] {0, 5000, 70_000, 1 << 20}) {
            byte[] content = new byte[size];
            new Random(size).nextBytes(content);
            RawResponse response = form("sealed" + size)
                    .field("x-amz-server-side-encryption", "AES256")
                    .file("f", content)
                    .after("submit", "x".repeat(3000))
                    .send();
            assertThat(response.status()).as(response.toString()).isEqualTo(204);
            assertThat(response.header("x-amz-server-side-encryption")).isEqualTo("AES256");
            assertThat(get("sealed" + size)).isEqualTo(content);
            assertThat(head("sealed" + size).serverSideEncryptionAsString()).isEqualTo("AES256");
        }
        assertRefused(
                400,
                "InvalidArgument",
                form("k").field("x-amz-server-side-encryption", "AES512").send());
    }

    @ParameterizedTest
    @CsvSource({"200, 200", "201, 201", "204, 204", "404, 204", "'', 204"})
    void theFormChoosesTheStatus(String wanted, int status) throws Exception {
        RawResponse response =
                form("dir/ä&k").field("success_action_status", wanted).send();
        assertThat(response.status()).isEqualTo(status);
        if (status == 201) {
            assertThat(response.header("content-type")).isEqualTo("application/xml");
            assertThat(response.text()).contains("?>\n<PostResponse><Location>");
            assertThat(response.element("Location"))
                    .isEqualTo(response.header("location"))
                    .isEqualTo(store.endpoint() + "/" + bucket + "/dir%2F%C3%A4%26k");
            assertThat(response.element("Bucket")).isEqualTo(bucket);
            assertThat(response.element("Key")).isEqualTo("dir/ä&k");
            assertThat(response.element("ETag"))
                    .isEqualTo(etag("content".getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(response.header("etag"));
        } else {
            assertThat(response.text()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "success_action_redirect, https://example.com/done, https://example.com/done?",
        "success_action_redirect, http://example.com/?a=b, http://example.com/?a=b&",
        "redirect, http://example.com/old, http://example.com/old?"
    })
    void theFormSendsTheBrowserOn(String field, String url, String begin) throws Exception {
        RawResponse response = form("dir/k k")
                .field(field, url)
                .field("success_action_status", "201")
                .send();
        assertThat(response.status()).isEqualTo(303);
        assertThat(response.text()).isEmpty();
        String etag = etag("content".getBytes(StandardCharsets.UTF_8)).replace("\"", "%22");
        assertThat(response.header("location")).isEqualTo(begin + "bucket=" + bucket + "&key=dir%2Fk%20k&etag=" + etag);
        assertThat(get("dir/k k")).isEqualTo("content".getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({"not a url", "/relative", "ftp://example.com/", "http:///nowhere", "javascript:alert(1)"})
    void whatIsNoUrlOfTheWebIsNotFollowed(String url) {
        assertThat(form("k").field("success_action_redirect", url).send().status())
                .isEqualTo(204);
    }

    @Test
    void aPolicyIsKeptTo() {
        SignedForm[] refused = {
            form("other/k").condition("[\"starts-with\", \"$key\", \"user/\"]"),
            form("k").condition("{\"acl\": \"private\"}"),
            form("k").change("Expires", "0"),
            form("k")
                    .field("Content-Type", "image/png")
                    .change("Content-Type", "text/html")
                    .condition("[\"starts-with\", \"$Content-Type\", \"image/\"]"),
            form("k").condition("{\"bucket\": \"another\"}"),
            form("k").expires(Instant.now().minusSeconds(60).truncatedTo(ChronoUnit.SECONDS))
        };
        String[] messages = {
            "Policy Condition failed: [\"starts-with\", \"$key\", \"user/\"]",
            "Policy Condition failed: [\"eq\", \"$acl\", \"private\"]",
            "Extra input fields: expires",
            "Policy Condition failed: [\"starts-with\", \"$Content-Type\", \"image/\"]",
            "Policy Condition failed: [\"eq\", \"$bucket\", \"another\"]",
            "Policy expired."
        };
        for (int i = 0; i < refused.length; i++) {
            RawResponse response = assertRefused(403, "AccessDenied", refused[i].send());
            assertThat(response.element("Message")).isEqualTo("Invalid according to Policy: " + messages[i]);
        }
        RawResponse response = assertRefused(
                400, "InvalidPolicyDocument", form("k").condition("{}").send());
        assertThat(response.element("Message")).startsWith("Invalid Policy: Invalid Simple-Condition");
        assertNothingStored();
    }

    @Test
    void sizesOutsideTheRangeAreRefusedAndLeaveNothing() {
        String range = "[\"content-length-range\", 5, 100000]";
        assertThat(form("ok").condition(range).file("12345").send().status()).isEqualTo(204);
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("ok"));
        RawResponse small = assertRefused(
                400, "EntityTooSmall", form("k").condition(range).file("1234").send());
        assertThat(small.element("ProposedSize")).isEqualTo("4");
        assertThat(small.element("MinSizeAllowed")).isEqualTo("5");
        RawResponse large = assertRefused(
                400,
                "EntityTooLarge",
                form("k").condition(range).file("f", new byte[100_001]).send());
        assertThat(large.element("ProposedSize")).isEqualTo("100001");
        assertThat(large.element("MaxSizeAllowed")).isEqualTo("100000");
        assertRefused(
                400,
                "EntityTooLarge",
                form("k").condition(range).file("f", new byte[2 << 20]).send());
        assertNothingStored();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x-amz-checksum-sha256 | aTL9MeXa9HObn6eP93eygxsJlcwdCwCTysgGAZAgE7w= | 400 | BadDigest",
                "x-amz-checksum-sha256 | sailorjerry | 400 | InvalidRequest",
                "Content-MD5 | 1B2M2Y8AsgTpgAmY7PhCfg== | 400 | BadDigest",
                "Content-MD5 | x | 400 | InvalidDigest",
                "x-amz-storage-class | COLD | 400 | InvalidStorageClass",
                "acl | public | 400 | InvalidArgument",
                "tagging | a=1 | 400 | MalformedXML",
                "x-amz-website-redirect-location | other | 400 | InvalidRedirectLocation",
                "x-amz-meta-a b | x | 400 | InvalidArgument",
                "x-amz-object-lock-legal-hold | ON | 400 | InvalidRequest"
            })
    void whatAnObjectCannotHaveIsRefused(String field, String value, int status, String code) {
        assertRefused(status, code, form("k").field(field, value).send());
        assertNothingStored();
    }

    @Test
    void formsThatAreNoneAreRefused() {
        RawResponse type = assertRefused(
                412,
                "PreconditionFailed",
                store.request("POST", "/" + bucket)
                        .anonymous()
                        .header("Content-Type", "text/html")
                        .body("x")
                        .send());
        assertThat(type.element("Condition"))
                .isEqualTo("Bucket POST must be of the enclosure-type multipart/form-data");
        assertRefused(
                400,
                "MalformedPOSTRequest",
                store.request("POST", "/" + bucket)
                        .anonymous()
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .body("key=k")
                        .send());
        assertRefused(
                411,
                "MissingContentLength",
                store.request("POST", "/" + bucket)
                        .anonymous()
                        .header("Content-Type", "multipart/form-data; boundary=b")
                        .header("Transfer-Encoding", "chunked")
                        .withoutContentLength()
                        .body("0\r\n\r\n")
                        .send());
        assertRefused(
                400,
                "MaxPostPreDataLengthExceededError",
                form("k").field("x-ignore-a", "a".repeat(21_000)).send());
        assertRefused(
                400,
                "IncorrectNumberOfFilesInPostRequest",
                form("k").after("file", "another").send());
        assertRefused(404, "NoSuchBucket", store.form(store.freshName(), "k").send());
        assertRefused(400, "KeyTooLongError", form("k".repeat(1025)).send());
        assertNothingStored();
    }

    /** Replay with {@code -Dseed=}. */
    @Test
    void noDamageToAFormIsTheServersFault() {
        long seed = Long.getLong("seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] whole = form("k")
                .field("x-amz-meta-a", "b")
                .field("tagging", TAGGING)
                .after("submit", "go")
                .body();
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] damaged = java.util.Arrays.copyOf(
                    whole, random.nextInt(3) == 0 ? random.nextInt(whole.length + 1) : whole.length);
            for (int bytes = random.nextInt(4); bytes > 0 && damaged.length > 0; bytes--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            RawResponse response = form("k").request(damaged).send();
            assertThat(response.status())
                    .as("seed %d, round %d: %s", seed, round, response)
                    .isIn(204, 303, 400, 403);
            refused += response.status() >= 400 ? 1 : 0;
        }
        assertThat(refused).as("seed %d", seed).isGreaterThan(100);
    }

    @Test
    void whoSignsAFormIsChecked() {
        assertRefused(403, "AccessDenied", form("k").anonymous().send());
        assertRefused(
                403,
                "SignatureDoesNotMatch",
                form("k").change("x-amz-signature", "0".repeat(64)).send());
        assertRefused(
                403, "SignatureDoesNotMatch", form("k").change("policy", "e30=").send());
        assertRefused(
                400,
                "InvalidToken",
                form("k").field("x-amz-security-token", "t").send());
        assertRefused(
                400,
                "InvalidRequest",
                form("k")
                        .anonymous()
                        .field("AWSAccessKeyId", store.accessKey())
                        .field("policy", "e30=")
                        .field("signature", "x")
                        .send());
        RawResponse missing = assertRefused(
                400,
                "InvalidArgument",
                form("k").anonymous().field("x-amz-date", "20260101T000000Z").send());
        assertThat(missing.element("ArgumentName")).isEqualTo("X-Amz-Signature");
        assertNothingStored();
    }

    @Test
    void thePolicyOfTheBucketDecidesWhoMayUpload() {
        try (Store other = store.newAccount()) {
            store.s3()
                    .putBucketPolicy(
                            put -> put.bucket(bucket).policy("""
                                    {"Version": "2012-10-17", "Statement": [
                                      {"Effect": "Allow", "Principal": {"AWS": "%s"}, "Action": "s3:PutObject",
                                       "Resource": "arn:aws:s3:::%s/form/*",
                                       "Condition": {
                                         "StringEquals": {"s3:authType": "POST", "s3:signatureversion": "AWS4-HMAC-SHA256"},
                                         "NumericLessThan": {"s3:signatureAge": "600000"}}},
                                      {"Effect": "Allow", "Principal": "*", "Action": "s3:PutObject",
                                       "Resource": "arn:aws:s3:::%s/open/*"}]}
                                    """.formatted(other.accountId(), bucket, bucket)));
            assertThat(other.form(bucket, "form/k").send().status()).isEqualTo(204);
            assertRefused(403, "AccessDenied", other.form(bucket, "k").send());
            assertRefused(
                    403,
                    "AccessDenied",
                    other.form(bucket, "form/k").field("tagging", TAGGING).send());
            assertRefused(
                    403,
                    "AccessDenied",
                    other.request("PUT", "/" + bucket + "/form/k").body("x").send());
        }
        assertThat(form("open/k")
                        .anonymous()
                        .field("no-condition", "needed")
                        .send()
                        .status())
                .isEqualTo(204);
        assertRefused(403, "AccessDenied", form("form/k").anonymous().send());
    }

    @Test
    void aPageOfAnotherSiteSeesTheAnswer() {
        store.s3()
                .putBucketCors(put -> put.bucket(bucket)
                        .corsConfiguration(cors -> cors.corsRules(CORSRule.builder()
                                .allowedOrigins("http://site.example")
                                .allowedMethods("POST")
                                .exposeHeaders("ETag")
                                .build())));
        RawResponse response =
                form("k").request().header("Origin", "http://site.example").send();
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("access-control-allow-origin")).isEqualTo("http://site.example");
        assertThat(response.header("access-control-expose-headers")).isEqualTo("ETag");
        assertThat(form("k")
                        .request()
                        .header("Origin", "http://elsewhere.example")
                        .send()
                        .header("access-control-allow-origin"))
                .isNull();
    }

    @Test
    void versionsAndLocksAreThoseOfAWrite() {
        String locked = store.freshName();
        store.s3().createBucket(create -> create.bucket(locked).objectLockEnabledForBucket(true));
        Instant until = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.SECONDS);
        SignedForm plain = store.form(locked, "k")
                .field("x-amz-object-lock-mode", "GOVERNANCE")
                .field("x-amz-object-lock-retain-until-date", until.toString());
        assertRefused(400, "InvalidRequest", plain.send());
        RawResponse response =
                plain.field("Content-MD5", "mgNkuembtIDdJeHwKEyFVQ==").send();
        assertThat(response.status()).as(response.toString()).isEqualTo(204);
        var retention = store.s3()
                .getObjectRetention(get -> get.bucket(locked).key("k").versionId(response.header("x-amz-version-id")))
                .retention();
        assertThat(retention.modeAsString()).isEqualTo(ObjectLockMode.GOVERNANCE.toString());
        assertThat(retention.retainUntilDate()).isEqualTo(until);

        store.s3()
                .putBucketVersioning(put -> put.bucket(bucket)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        String first = form("k").send().header("x-amz-version-id");
        assertThat(form("k").file("second").send().header("x-amz-version-id"))
                .isNotNull()
                .isNotEqualTo(first);
        assertThat(get("k")).isEqualTo("second".getBytes(StandardCharsets.UTF_8));
    }
}
