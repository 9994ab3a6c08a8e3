package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawRequest;
import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SSE-C. */
@ExtendWith(StoreExtension.class)
class CustomerKeyIT {
    private static final String TARGET = "x-amz-server-side-encryption-customer-";
    private static final String SOURCE = "x-amz-copy-source-server-side-encryption-customer-";
    private static final byte[] KEY = "01234567890123456789012345678901".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OTHER = "another key of a customer's, 32b".getBytes(StandardCharsets.US_ASCII);

    private final Store store;
    private final String bucket;

    CustomerKeyIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return base64(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    private static RawRequest with(RawRequest request, String prefix, byte[] key) {
        return request.header(prefix + "algorithm", "AES256")
                .header(prefix + "key", base64(key))
                .header(prefix + "key-MD5", md5(key));
    }

    private RawRequest request(String method, String key) {
        return store.request(method, "/" + bucket + "/" + key);
    }

    private byte[] put(String key, int length) {
        byte[] body = new byte[length];
        new Random(length).nextBytes(body);
        RawResponse put = with(request("PUT", key).body(body), TARGET, KEY).send();
        assertThat(put.status()).as(put.toString()).isEqualTo(200);
        assertThat(put.header(TARGET + "algorithm")).isEqualTo("AES256");
        assertThat(put.header(TARGET + "key-MD5")).isEqualTo(md5(KEY));
        assertThat(put.header("x-amz-server-side-encryption")).isNull();
        return body;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 200_000})
    void onlyTheKeyOpensIt(int length) {
        byte[] body = put("k", length);
        RawResponse get = with(request("GET", "k"), TARGET, KEY).send();
        assertThat(get.status()).isEqualTo(200);
        assertThat(get.body()).isEqualTo(body);
        assertThat(get.header(TARGET + "algorithm")).isEqualTo("AES256");
        assertThat(get.header("etag"))
                .isNotEqualTo('"' + HexFormat.of().formatHex(Base64.getDecoder().decode(md5(body))) + '"');
        RawResponse head = with(request("HEAD", "k"), TARGET, KEY).send();
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("content-length")).isEqualTo(Integer.toString(length));
        for (String query : new String[] {"k", "k?attributes"}) {
            assertRefused(
                    400,
                    "InvalidRequest",
                    request("GET", query)
                            .header("x-amz-object-attributes", "ETag")
                            .send());
            assertRefused(
                    403,
                    "AccessDenied",
                    with(request("GET", query), TARGET, OTHER)
                            .header("x-amz-object-attributes", "ETag")
                            .send());
        }
        assertThat(request("HEAD", "k").send().status()).isEqualTo(400);
        assertThat(with(request("HEAD", "k"), TARGET, OTHER).send().status()).isEqualTo(403);
        assertThat(request("GET", "?list-type=2").send().text()).contains("<Size>" + length + "</Size>");
    }

    @Test
    void rangesNeedItToo() {
        byte[] body = put("k", 150_000);
        RawResponse range = with(request("GET", "k").header("Range", "bytes=65530-65545"), TARGET, KEY)
                .send();
        assertThat(range.status()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(body, 65_530, 65_546));
    }

    @Test
    void whatIsNotEncryptedWithACustomersKeyIsNotReadWithOne() {
        request("PUT", "plain").body("x").send();
        request("PUT", "aes")
                .header("x-amz-server-side-encryption", "AES256")
                .body("x")
                .send();
        for (String key : new String[] {"plain", "aes"}) {
            assertRefused(
                    400,
                    "InvalidRequest",
                    with(request("GET", key), TARGET, KEY).send());
        }
    }

    /** Whole, or without one of the three, or with one that is wrong. */
    @ParameterizedTest
    @CsvSource({
        "AES128, {key}, {md5}, InvalidEncryptionAlgorithmError",
        "aws:kms, {key}, {md5}, InvalidEncryptionAlgorithmError",
        "'', {key}, {md5}, InvalidArgument",
        "AES256, '', {md5}, InvalidArgument",
        "AES256, {key}, '', InvalidArgument",
        "AES256, '', '', InvalidArgument",
        "AES256, nonsense!, {md5}, InvalidArgument",
        "AES256, c2hvcnQ=, {md5}, InvalidArgument",
        "AES256, {key}, nonsense!, InvalidArgument",
        "AES256, {key}, AAAAAAAAAAAAAAAAAAAAAA==, InvalidArgument",
    })
    void badKeysAreRefused(String algorithm, String key, String md5, String code) {
        put("source", 10);
        String[] values = {algorithm, key.replace("{key}", base64(KEY)), md5.replace("{md5}", md5(KEY))};
        String[] names = {"algorithm", "key", "key-MD5"};
        RawRequest put = request("PUT", "bad").body("x");
        RawRequest get = request("GET", "source");
        RawRequest copy = request("PUT", "bad").header("x-amz-copy-source", bucket + "/source");
        for (int i = 0; i < names.length; i++) {
            if (!values[i].isEmpty()) {
                put.header(TARGET + names[i], values[i]);
                get.header(TARGET + names[i], values[i]);
                copy.header(SOURCE + names[i], values[i]);
            }
        }
        assertRefused(400, code, put.send());
        assertRefused(400, code, get.send());
        assertRefused(400, code, copy.send());
        assertThat(request("HEAD", "bad").send().status()).isEqualTo(404);
    }

    @Test
    void aKeyIsIncompatibleWithOtherEncryption() {
        assertRefused(
                400,
                "InvalidArgument",
                with(request("PUT", "k").header("x-amz-server-side-encryption", "AES256"), TARGET, KEY)
                        .body("x")
                        .send());
    }

    @Test
    void copiesOpenWithOneKeyAndSealWithAnother() {
        byte[] body = put("source", 150_000);
        RawRequest same = with(copy("same"), SOURCE, KEY);
        assertThat(with(same, TARGET, KEY).send().status()).isEqualTo(200);
        assertThat(with(request("GET", "same"), TARGET, KEY).send().body()).isEqualTo(body);
        RawRequest other = with(copy("other"), SOURCE, KEY);
        assertThat(with(other, TARGET, OTHER).send().status()).isEqualTo(200);
        assertThat(with(request("GET", "other"), TARGET, OTHER).send().body()).isEqualTo(body);
        assertThat(with(copy("plain"), SOURCE, KEY).send().status()).isEqualTo(200);
        assertThat(request("GET", "plain").send().body()).isEqualTo(body);
        assertRefused(400, "InvalidRequest", copy("refused").send());
        assertRefused(403, "AccessDenied", with(copy("refused"), SOURCE, OTHER).send());
        assertRefused(
                400,
                "InvalidRequest",
                with(request("PUT", "refused").header("x-amz-copy-source", bucket + "/plain"), SOURCE, KEY)
                        .send());
        assertThat(request("HEAD", "refused").send().status()).isEqualTo(404);
    }

    private RawRequest copy(String key) {
        return request("PUT", key).header("x-amz-copy-source", bucket + "/source");
    }
}
