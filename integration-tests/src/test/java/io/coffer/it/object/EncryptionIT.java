package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** SSE-S3 and SSE-KMS. */
@ExtendWith(StoreExtension.class)
class EncryptionIT {
    private static final String METHOD = "x-amz-server-side-encryption";
    private static final String KEY_ID = METHOD + "-aws-kms-key-id";
    private static final String CONTEXT = METHOD + "-context";

    private final Store store;
    private final String bucket;

    EncryptionIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static String md5(byte[] bytes) throws Exception {
        return '"' + HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes)) + '"';
    }

    private byte[] get(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    private RawResponse put(String key, String body, String... headers) {
        RawRequest request = store.request("PUT", "/" + bucket + "/" + key).body(body);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    /** Nothing, inline, one block more, and several reads long. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 8000, 65_537, 700_000})
    void whatIsEncryptedIsReadAsItWas(int length) throws Exception {
        byte[] body = bytes(length);
        PutObjectResponse put = store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("k").serverSideEncryption(ServerSideEncryption.AES256),
                        RequestBody.fromBytes(body));
        assertThat(put.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(put.eTag()).as("of what was written").isEqualTo(md5(body));
        assertThat(get("k")).isEqualTo(body);
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("k"));
        assertThat(head.serverSideEncryption()).isEqualTo(ServerSideEncryption.AES256);
        assertThat(head.contentLength()).isEqualTo(length);
        assertThat(store.s3()
                        .listObjectsV2(list -> list.bucket(bucket))
                        .contents()
                        .getFirst()
                        .size())
                .isEqualTo(length);
        assertThat(store.s3()
                        .getObjectAttributes(attributes ->
                                attributes.bucket(bucket).key("k").objectAttributes(ObjectAttributes.OBJECT_SIZE))
                        .objectSize())
                .isEqualTo(length);
        assertThat(store.request("GET", "/" + bucket + "/k?attributes")
                        .header("x-amz-object-attributes", "ETag")
                        .send()
                        .header(METHOD))
                .isEqualTo("AES256");
    }

    @Test
    void rangesAreThoseOfThePlaintext() {
        byte[] body = bytes(600_000);
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("k").serverSideEncryption(ServerSideEncryption.AES256),
                        RequestBody.fromBytes(body));
        int[][] ranges = {{0, 0}, {65_535, 65_536}, {100, 262_143}, {262_140, 262_150}, {1, 599_999}, {599_999, 599_999}
        };
        for (int[] range : ranges) {
            RawResponse response = store.request("GET", "/" + bucket + "/k")
                    .header("Range", "bytes=" + range[0] + "-" + range[1])
                    .send();
            assertThat(response.status()).isEqualTo(206);
            assertThat(response.header("content-range")).isEqualTo("bytes " + range[0] + "-" + range[1] + "/600000");
            assertThat(response.body()).isEqualTo(Arrays.copyOfRange(body, range[0], range[1] + 1));
        }
        assertRefused(
                416,
                "InvalidRange",
                store.request("GET", "/" + bucket + "/k")
                        .header("Range", "bytes=600000-")
                        .send());
    }

    @Test
    void checksumsAreThoseOfThePlaintext() {
        RawResponse put = put("k", "123456789", METHOD, "aws:kms", "x-amz-checksum-crc32", "y/Q5Jg==");
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        RawResponse get = store.request("GET", "/" + bucket + "/k")
                .header("x-amz-checksum-mode", "ENABLED")
                .send();
        assertThat(get.header("x-amz-checksum-crc32")).isEqualTo("y/Q5Jg==");
        assertThat(get.text()).isEqualTo("123456789");
        assertRefused(400, "BadDigest", put("bad", "12345678", METHOD, "aws:kms", "x-amz-checksum-crc32", "y/Q5Jg=="));
    }

    /** Nobody is told the MD5, and so it is made only where the client says what it is. */
    @Test
    void theMd5OfThePlaintextIsCheckedWhereItIsSaid() {
        String of123456789 = "JfnnlDI7RTiF9RgfG2JNCw==";
        assertThat(put("k", "123456789", METHOD, "aws:kms", "Content-MD5", of123456789)
                        .status())
                .isEqualTo(200);
        assertRefused(400, "BadDigest", put("k", "12345678", METHOD, "aws:kms", "Content-MD5", of123456789));
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("u").serverSideEncryption("aws:kms"))
                .uploadId();
        String part = "u?partNumber=1&uploadId=" + upload;
        assertThat(put(part, "123456789", "Content-MD5", of123456789).status()).isEqualTo(200);
        assertRefused(400, "BadDigest", put(part, "12345678", "Content-MD5", of123456789));
    }

    @Test
    void aManagedKeyIsNamedInAllOfAmazonsWays() throws Exception {
        String alias = "it/" + bucket;
        String id = store.newKey(alias);
        RawResponse byId = put("k", "secret", METHOD, "aws:kms", KEY_ID, id);
        String arn = String.valueOf(byId.header(KEY_ID));
        assertThat(arn).matches("arn:aws:kms:us-east-1:[0-9]{12}:key/" + id);
        String prefix = arn.substring(0, arn.indexOf("key/"));
        for (String name : new String[] {id, arn, "alias/" + alias, prefix + "alias/" + alias}) {
            PutObjectResponse put = store.s3()
                    .putObject(
                            object -> object.bucket(bucket)
                                    .key("k")
                                    .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                                    .ssekmsKeyId(name)
                                    .bucketKeyEnabled(true),
                            RequestBody.fromString("secret"));
            assertThat(put.serverSideEncryption()).isEqualTo(ServerSideEncryption.AWS_KMS);
            assertThat(put.ssekmsKeyId()).isEqualTo(arn);
            assertThat(put.bucketKeyEnabled()).isTrue();
            assertThat(put.eTag()).as("tells nothing").isNotEqualTo(md5("secret".getBytes(StandardCharsets.UTF_8)));
            GetObjectResponse get = store.s3()
                    .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                    .response();
            assertThat(get.ssekmsKeyId()).isEqualTo(arn);
            assertThat(get.eTag()).isEqualTo(put.eTag());
        }
    }

    @Test
    void whatARotatedKeyHasEncryptedIsReadAndADisabledOneReadsNothing() {
        String id = store.newKey("");
        put("old", "before", METHOD, "aws:kms", KEY_ID, id);
        assertThat(store.admin("POST", "/v1/kms/keys/" + id + "/rotate").send().status())
                .isEqualTo(200);
        put("new", "after", METHOD, "aws:kms", KEY_ID, id);
        assertThat(get("old")).asString().isEqualTo("before");
        assertThat(get("new")).asString().isEqualTo("after");
        assertThat(store.admin("POST", "/v1/kms/keys/" + id + "/disable").send().status())
                .isEqualTo(204);
        assertRefused(
                400,
                "KMS.DisabledException",
                store.request("GET", "/" + bucket + "/old").send());
        assertRefused(400, "KMS.DisabledException", put("k", "x", METHOD, "aws:kms", KEY_ID, id));
        assertThat(store.request("HEAD", "/" + bucket + "/old").send().status())
                .as("tells no secret")
                .isEqualTo(200);
        store.admin("POST", "/v1/kms/keys/" + id + "/enable").send();
        assertThat(get("old")).asString().isEqualTo("before");
    }

    @Test
    void anEncryptionContextIsKeptAndToldToTheWriter() {
        String context =
                Base64.getEncoder().encodeToString("{\"b\" : \"2\", \"a\":\"1\"}".getBytes(StandardCharsets.UTF_8));
        RawResponse put = put("k", "x", METHOD, "aws:kms", CONTEXT, context);
        assertThat(put.status()).isEqualTo(200);
        assertThat(Base64.getDecoder().decode(String.valueOf(put.header(CONTEXT))))
                .asString()
                .isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(get("k")).asString().isEqualTo("x");
    }

    @ParameterizedTest
    @CsvSource({
        "AES128, '', '', 400, InvalidArgument",
        "aes256, '', '', 400, InvalidArgument",
        "aws:kms:dsse, '', '', 501, NotImplemented",
        "'', x-amz-server-side-encryption-aws-kms-key-id, alias/k, 400, InvalidArgument",
        "AES256, x-amz-server-side-encryption-aws-kms-key-id, alias/k, 400, InvalidArgument",
        "AES256, x-amz-server-side-encryption-context, e30=, 400, InvalidArgument",
        "aws:kms, x-amz-server-side-encryption-context, nonsense, 400, InvalidArgument",
        "aws:kms, x-amz-server-side-encryption-context, W10=, 400, InvalidArgument",
        "aws:kms, x-amz-server-side-encryption-context, eyJhIjoxfQ==, 400, InvalidArgument",
        "aws:kms, x-amz-server-side-encryption-bucket-key-enabled, yes, 400, InvalidArgument",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, nonsense, 400, KMS.NotFoundException",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, alias/missing, 400, KMS.NotFoundException",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, alias/coffer/sse-s3, 400, KMS.NotFoundException",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, 12345678-1234-1234-1234-123456789012, 400, KMS.NotFoundException",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, arn:aws:kms:us-east-1:000000000000:key/12345678-1234-1234-1234-123456789012, 400, KMS.NotFoundException",
        "aws:kms, x-amz-server-side-encryption-aws-kms-key-id, arn:aws:s3:::bucket, 400, KMS.NotFoundException",
        "AES256, x-amz-server-side-encryption-customer-algorithm, AES256, 400, InvalidArgument",
    })
    void badHeadersAreRefused(String method, String header, String value, int status, String code) {
        RawRequest request = store.request("PUT", "/" + bucket + "/bad").body("x");
        if (!method.isEmpty()) {
            request.header(METHOD, method);
        }
        if (!header.isEmpty()) {
            request.header(header, value);
        }
        assertRefused(status, code, request.send());
        assertThat(store.request("HEAD", "/" + bucket + "/bad").send().status()).isEqualTo(404);
    }

    @Test
    void aCopyIsEncryptedAsItAsks() throws Exception {
        byte[] body = bytes(300_000);
        String id = store.newKey("");
        store.s3().putObject(object -> object.bucket(bucket).key("plain"), RequestBody.fromBytes(body));
        String[][] copies = {
            {"plain", "aes", "AES256", ""},
            {"aes", "aes2", "AES256", ""},
            {"aes", "kms", "aws:kms", ""},
            {"kms", "own", "aws:kms", id},
            {"own", "own2", "aws:kms", id},
            {"own2", "back", "", ""},
            {"kms", "kms", "AES256", ""},
        };
        for (String[] copy : copies) {
            RawRequest request = store.request("PUT", "/" + bucket + "/" + copy[1])
                    .header("x-amz-copy-source", bucket + "/" + copy[0]);
            if (!copy[2].isEmpty()) {
                request.header(METHOD, copy[2]);
            }
            if (!copy[3].isEmpty()) {
                request.header(KEY_ID, copy[3]);
            }
            RawResponse response = request.send();
            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            RawResponse get = store.request("GET", "/" + bucket + "/" + copy[1]).send();
            assertThat(get.body()).isEqualTo(body);
            assertThat(get.header(METHOD)).isEqualTo(copy[2].isEmpty() ? null : copy[2]);
            if (!copy[2].equals("aws:kms")) {
                assertThat(get.header("etag")).as(String.join(" ", copy)).isEqualTo(md5(body));
            }
        }
    }

    @Test
    void whatIsAppendedIsEncryptedAsWhatIsThere() {
        String[][] methods = {
            {"AES256", "AES256", "200"},
            {"aws:kms", "aws:kms", "200"},
            {"AES256", "", "400"},
            {"", "AES256", "400"},
            {"AES256", "aws:kms", "400"}
        };
        for (String[] method : methods) {
            RawRequest put = store.request("PUT", "/" + bucket + "/k").body("first, ");
            RawRequest append = store.request("PUT", "/" + bucket + "/k?append").body("second");
            if (!method[0].isEmpty()) {
                put.header(METHOD, method[0]);
            }
            if (!method[1].isEmpty()) {
                append.header(METHOD, method[1]);
            }
            assertThat(put.send().status()).isEqualTo(200);
            RawResponse appended = append.send();
            assertThat(appended.status()).as(String.join(" ", method)).isEqualTo(Integer.parseInt(method[2]));
            RawResponse get = store.request("GET", "/" + bucket + "/k").send();
            assertThat(get.text()).isEqualTo(appended.status() == 200 ? "first, second" : "first, ");
            assertThat(get.header(METHOD)).isEqualTo(method[0].isEmpty() ? null : method[0]);
        }
    }

    private RawResponse compose(String key, int times, String method) {
        String source = "<Component><Name>source</Name></Component>";
        RawRequest request = store.request("PUT", "/" + bucket + "/" + key + "?compose")
                .body("<ComposeRequest>" + source.repeat(times) + "</ComposeRequest>");
        return (method.isEmpty() ? request : request.header(METHOD, method)).send();
    }

    @ParameterizedTest
    @CsvSource({
        // the source's, the composed one's, status
        "AES256, AES256, 200",
        "aws:kms, aws:kms, 200",
        "AES256, '', 400",
        "'', AES256, 400",
        "AES256, aws:kms, 400",
    })
    void whatIsComposedIsEncryptedAsItsSources(String source, String composed, int status) {
        RawResponse put = source.isEmpty() ? put("source", "abc") : put("source", "abc", METHOD, source);
        assertThat(put.status()).isEqualTo(200);
        RawResponse response = compose("k", 3, composed);
        if (status == 200) {
            assertThat(response.header(METHOD)).isEqualTo(composed);
            assertThat(get("k")).asString(StandardCharsets.UTF_8).isEqualTo("abcabcabc");
        } else {
            assertRefused(status, "InvalidRequest", response);
        }
    }

    /** What lies in very many pieces is written anew by a copy, and encrypted anew. */
    @ParameterizedTest
    @CsvSource({"AES256, true", "aws:kms, false"})
    void whatIsComposedOfVeryManyIsCopiedAsItsWriterWishes(String method, boolean md5) throws Exception {
        put("source", "abc", METHOD, method);
        assertThat(compose("source", 1000, method).status()).isEqualTo(200);
        assertThat(compose("k", 2, method).status()).isEqualTo(200);
        RawResponse copy = store.request("PUT", "/" + bucket + "/copy")
                .header("x-amz-copy-source", bucket + "/k")
                .header(METHOD, method)
                .send();
        byte[] expected = "abc".repeat(2000).getBytes(StandardCharsets.UTF_8);
        assertThat(get("copy")).isEqualTo(expected);
        assertThat(copy.element("ETag").equals(md5(expected)))
                .as(copy.toString())
                .isEqualTo(md5);
    }
}
