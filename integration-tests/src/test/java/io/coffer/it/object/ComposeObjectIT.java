package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** {@code PUT ?compose}. */
@ExtendWith(StoreExtension.class)
class ComposeObjectIT {
    private final Store store;
    private final String bucket;

    ComposeObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private static String component(String name, String more) {
        return "<Component><Name>" + name + "</Name>" + more + "</Component>";
    }

    private RawResponse compose(String key, String components, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/" + key + "?compose")
                .body("<ComposeRequest>" + components + "</ComposeRequest>");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    private String put(String key, byte[] body) {
        return store.s3()
                .putObject(put -> put.bucket(bucket).key(key), RequestBody.fromBytes(body))
                .eTag();
    }

    private String put(String key, String body) {
        return put(key, body.getBytes(StandardCharsets.UTF_8));
    }

    private byte[] read(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asByteArray();
    }

    @Test
    void anObjectIsMadeOfOthersInOrder() {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        StringBuilder components = new StringBuilder();
        for (int size : new int[] {5, 100_000, 0, 1 << 20, 3}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            put("part-" + size, bytes);
            expected.writeBytes(bytes);
            components.append(component("part-" + size, ""));
        }
        RawResponse composed =
                compose("whole", components.toString(), "Content-Type", "text/plain", "x-amz-meta-a", "1");
        assertThat(composed.status()).as(composed.toString()).isEqualTo(200);
        assertThat(composed.header("x-amz-object-size")).isEqualTo(Integer.toString(expected.size()));
        assertThat(read("whole")).isEqualTo(expected.toByteArray());
        HeadObjectResponse head =
                store.s3().headObject(get -> get.bucket(bucket).key("whole").checksumMode("ENABLED"));
        assertThat(head.eTag()).isEqualTo(composed.header("etag"));
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.metadata()).isEqualTo(Map.of("a", "1"));
        assertThat(head.checksumCRC32()).isEqualTo(composed.header("x-amz-checksum-crc32"));
        CRC32 crc = new CRC32();
        crc.update(expected.toByteArray());
        byte[] digest =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        assertThat(head.checksumCRC32()).isEqualTo(Base64.getEncoder().encodeToString(digest));
        store.s3().deleteObject(delete -> delete.bucket(bucket).key("part-100000"));
        assertThat(store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("whole").range("bytes=3-99999"))
                        .asByteArray())
                .isEqualTo(Arrays.copyOfRange(expected.toByteArray(), 3, 100_000));
    }

    @Test
    void anObjectMayBeOneOfItsOwnSources() {
        put("log", "a");
        put("more", "b");
        assertThat(compose("log", component("log", "") + component("more", "")).status())
                .isEqualTo(200);
        assertThat(compose("log", component("more", "") + component("log", "")).status())
                .isEqualTo(200);
        assertThat(read("log")).asString().isEqualTo("bab");
    }

    @Test
    void sourcesAreVersionsAndHaveETagsIfTheRequestSaysSo() {
        store.s3()
                .putBucketVersioning(put -> put.bucket(bucket)
                        .versioningConfiguration(versioning -> versioning.status(BucketVersioningStatus.ENABLED)));
        put("a", "1");
        String old = String.valueOf(
                store.s3().headObject(head -> head.bucket(bucket).key("a")).versionId());
        String etag = put("a", "2");
        RawResponse composed = compose(
                "k",
                component("a", "<ETag>" + etag.replace("\"", "&quot;") + "</ETag>")
                        + component("a", "<VersionId>" + old + "</VersionId>"));
        assertThat(composed.header("x-amz-version-id")).isNotNull();
        assertThat(read("k")).asString().isEqualTo("21");
        RawResponse refused =
                assertRefused(412, "PreconditionFailed", compose("k", component("a", "<ETag>other</ETag>")));
        assertThat(refused.element("Key")).isEqualTo("a");
        assertRefused(404, "NoSuchVersion", compose("k", component("b", "<VersionId>" + old + "</VersionId>")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<ComposeRequest/>",
                "<ComposeRequest><Component/></ComposeRequest>",
                "<ComposeRequest><Component><Name/></Component></ComposeRequest>",
                "<ComposeRequest><Component><Name>a</Name><Size>1</Size></Component></ComposeRequest>",
                "<Compose><Component><Name>a</Name></Component></Compose>",
                "<ComposeRequest><Component><Name>a</Name></Component>",
                "a",
            })
    void whatIsNoListOfObjectsIsRefused(String document) {
        RawResponse response =
                store.request("PUT", "/" + bucket + "/k?compose").body(document).send();
        assertThat(response.status()).as(response.toString()).isEqualTo(400);
        assertThat(response.code())
                .isIn("MalformedXML", "MissingRequestBodyError", "InvalidArgument", "UserKeyMustBeSpecified");
    }

    @ParameterizedTest
    @CsvSource({
        "missing, '', '', 404, NoSuchKey",
        "a, If-None-Match, *, 412, PreconditionFailed",
        "a, If-Match, x, 412, PreconditionFailed",
        "a, x-amz-server-side-encryption, nonsense, 400, InvalidArgument",
        "a, x-amz-server-side-encryption, AES256, 400, InvalidRequest",
    })
    void whatCantBeIsRefusedAndChangesNothing(String source, String header, String value, int status, String code) {
        put("a", "1");
        put("k", "there");
        String[] headers = header.isEmpty() ? new String[0] : new String[] {header, value};
        assertRefused(status, code, compose("k", component(source, ""), headers));
        assertThat(read("k")).asString().isEqualTo("there");
    }

    @Test
    void thousandSourcesAndNoMore() {
        put("a", "1");
        assertThat(compose("k", component("a", "").repeat(1000)).header("x-amz-object-size"))
                .isEqualTo("1000");
        assertRefused(400, "MalformedXML", compose("k", component("a", "").repeat(1001)));
        RawResponse tooMany = compose("l", component("k", "").repeat(11));
        assertRefused(400, "TooManyParts", tooMany);
    }

    @Test
    void somebodyElsesObjectsAreNotForComposing() {
        put("a", "1");
        Store other = store.newAccount();
        assertRefused(
                403,
                "AccessDenied",
                other.request("PUT", "/" + bucket + "/k?compose")
                        .body("<ComposeRequest>" + component("a", "") + "</ComposeRequest>")
                        .send());
    }
}
