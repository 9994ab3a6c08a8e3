package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

@ExtendWith(StoreExtension.class)
class GetObjectIT {
    private static final String BODY = "0123456789";
    private static final String ETAG = "\"781e5e245d69b566979b86e28d23f2c7\"";
    private static final String LONG_AGO = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String FAR_AHEAD = "Fri, 01 Jan 2100 00:00:00 GMT";

    private final Store store;
    private final String bucket;

    GetObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @BeforeEach
    void putAnObject() {
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("k").contentType("text/plain"),
                        RequestBody.fromString(BODY));
    }

    private RawResponse get(String key, String... headers) {
        var request = store.request("GET", "/" + bucket + "/" + key);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @Test
    void sendsTheBytesAndWhatTheyAre() {
        RawResponse response = get("k");
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(BODY);
        assertThat(response.header("content-length")).isEqualTo("10");
        assertThat(response.header("content-type")).isEqualTo("text/plain");
        assertThat(response.header("etag")).isEqualTo(ETAG);
        assertThat(response.header("accept-ranges")).isEqualTo("bytes");
        assertThat(response.header("last-modified")).endsWith(" GMT");
        assertThat(response.header("content-range")).isNull();
        assertThat(response.header("x-amz-version-id")).isNull();
        assertThat(response.header("x-amz-mp-parts-count")).isNull();
        assertThat(response.header("x-amz-storage-class")).isNull();
    }

    @Test
    void bytesOfNoTypeAreBinary() {
        store.request("PUT", "/" + bucket + "/untyped").body("x").send();
        assertThat(get("untyped").header("content-type")).isEqualTo("binary/octet-stream");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        NoSuchKeyException missing = org.junit.jupiter.api.Assertions.assertThrows(
                NoSuchKeyException.class,
                () -> store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("missing")));
        assertThat(missing.statusCode()).isEqualTo(404);
        assertThat(assertRefused(404, "NoSuchKey", get("missing")).element("Key"))
                .isEqualTo("missing");
        assertRefused(
                404,
                "NoSuchBucket",
                () -> store.s3()
                        .getObjectAsBytes(
                                object -> object.bucket(store.freshName()).key("k")));
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 0",
        "bytes=2-5, 2, 5",
        "bytes=5-, 5, 9",
        "bytes=0-, 0, 9",
        "bytes=9-9, 9, 9",
        "bytes=3-100, 3, 9",
        "bytes=-3, 7, 9",
        "bytes=-100, 0, 9",
        "bytes=0-99999999999999999999, 0, 9",
    })
    void sendsOneRange(String range, int first, int last) {
        RawResponse response = get("k", "Range", range);
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.text()).isEqualTo(BODY.substring(first, last + 1));
        assertThat(response.header("content-range")).isEqualTo("bytes " + first + "-" + last + "/10");
        assertThat(response.header("content-length")).isEqualTo(Integer.toString(last - first + 1));
        assertThat(response.header("etag")).isEqualTo(ETAG);
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=5-2", "bytes=0-1,3-4", "bytes=a-b", "bytes=-", "items=0-1", "bytes 0-1", "nonsense"})
    void otherRangesMeanTheWhole(String range) {
        RawResponse response = get("k", "Range", range);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.text()).isEqualTo(BODY);
        assertThat(response.header("content-range")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999-"})
    void rangesBehindTheEndCannotBeSatisfied(String range) {
        RawResponse refused = assertRefused(416, "InvalidRange", get("k", "Range", range));
        assertThat(refused.element("RangeRequested")).isEqualTo(range);
        assertThat(refused.element("ActualObjectSize")).isEqualTo("10");
        assertThat(refused.header("content-range")).isEqualTo("bytes */10");
    }

    @Test
    void anEmptyObjectHasNoRanges() {
        store.request("PUT", "/" + bucket + "/empty").send();
        assertThat(get("empty").status()).isEqualTo(200);
        assertThat(get("empty").header("content-length")).isEqualTo("0");
        assertRefused(416, "InvalidRange", get("empty", "Range", "bytes=0-"));
        assertRefused(416, "InvalidRange", get("empty", "Range", "bytes=-5"));
    }

    @Test
    void rangesOfLargeObjectsAreExact() {
        byte[] bytes = new byte[5_000_011];
        new Random(5).nextBytes(bytes);
        store.s3().putObject(object -> object.bucket(bucket).key("large"), RequestBody.fromBytes(bytes));
        Random random = new Random(6);
        for (int i = 0; i < 30; i++) {
            int first = random.nextInt(bytes.length);
            int last = Math.min(bytes.length - 1, first + random.nextInt(1 << random.nextInt(22)));
            RawResponse response = get("large", "Range", "bytes=" + first + "-" + last);
            assertThat(response.status()).isEqualTo(206);
            assertThat(response.body())
                    .as("bytes %d-%d", first, last)
                    .isEqualTo(java.util.Arrays.copyOfRange(bytes, first, last + 1));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "If-Match            | " + ETAG + "        | 200",
                "If-Match            | \"x\", " + ETAG + " | 200",
                "If-Match            | *                   | 200",
                "If-Match            | \"x\"               | 412",
                "If-Match            | W/" + ETAG + "      | 412",
                "If-None-Match       | \"x\"               | 200",
                "If-None-Match       | " + ETAG + "        | 304",
                "If-None-Match       | W/" + ETAG + "      | 304",
                "If-None-Match       | *                   | 304",
                "If-Modified-Since   | " + LONG_AGO + "    | 200",
                "If-Modified-Since   | " + FAR_AHEAD + "   | 304",
                "If-Modified-Since   | nonsense            | 200",
                "If-Unmodified-Since | " + FAR_AHEAD + "   | 200",
                "If-Unmodified-Since | " + LONG_AGO + "    | 412",
            })
    void conditionsAreEvaluated(String header, String value, int status) {
        for (String method : new String[] {"GET", "HEAD"}) {
            RawResponse response = store.request(method, "/" + bucket + "/k")
                    .header(header, value)
                    .send();
            assertThat(response.status()).as("%s %s", method, response).isEqualTo(status);
            if (status == 304) {
                assertThat(response.header("etag")).isEqualTo(ETAG);
                assertThat(response.header("last-modified")).isNotBlank();
                assertThat(response.body()).isEmpty();
            }
        }
        if (status == 412) {
            assertThat(get("k", header, value).element("Condition")).isEqualTo(header);
        }
    }

    @Test
    void tagsComeBeforeDates() {
        assertThat(get("k", "If-Match", ETAG, "If-Unmodified-Since", LONG_AGO).status())
                .isEqualTo(200);
        assertThat(get("k", "If-None-Match", ETAG, "If-Modified-Since", LONG_AGO)
                        .status())
                .isEqualTo(304);
        assertThat(get("k", "If-None-Match", "\"x\"", "If-Modified-Since", FAR_AHEAD)
                        .status())
                .isEqualTo(200);
    }

    @Test
    void conditionsComeBeforeTheRange() {
        assertThat(get("k", "If-None-Match", ETAG, "Range", "bytes=100-").status())
                .isEqualTo(304);
        assertThat(get("k", "If-Match", "\"x\"", "Range", "bytes=100-").status())
                .isEqualTo(412);
    }

    @Test
    void ifRangeSendsTheWholeOfAnotherVersion() {
        assertThat(get("k", "Range", "bytes=0-1", "If-Range", ETAG).status()).isEqualTo(206);
        assertThat(get("k", "Range", "bytes=0-1", "If-Range", "\"x\"").text()).isEqualTo(BODY);
        assertThat(get("k", "Range", "bytes=0-1", "If-Range", LONG_AGO).status())
                .isEqualTo(200);
    }

    @Test
    void signedRequestsChooseTheHeaders() {
        RawResponse response = get("k?response-cache-control=no-cache&response-content-disposition=attachment"
                + "&response-content-encoding=x&response-content-language=nl&response-content-type=a%2Fb"
                + "&response-expires=soon");
        assertThat(response.header("cache-control")).isEqualTo("no-cache");
        assertThat(response.header("content-disposition")).isEqualTo("attachment");
        assertThat(response.header("content-encoding")).isEqualTo("x");
        assertThat(response.header("content-language")).isEqualTo("nl");
        assertThat(response.header("content-type")).isEqualTo("a/b");
        assertThat(response.header("expires")).isEqualTo("soon");
        RawResponse injected =
                assertRefused(400, "InvalidArgument", get("k?response-cache-control=a%0D%0ASet-Cookie%3A%20b"));
        assertThat(injected.header("set-cookie")).isNull();
    }

    @Test
    void anonymousRequestsAreRefused() {
        assertRefused(
                403,
                "AccessDenied",
                store.request("GET", "/" + bucket + "/k").anonymous().send());
    }

    @ParameterizedTest
    @CsvSource({
        "0, InvalidArgument, 400",
        "10001, InvalidArgument, 400",
        "x, InvalidArgument, 400",
        "2, InvalidPartNumber, 416"
    })
    void partsAreNumberedFromOne(String number, String code, int status) {
        RawResponse refused = assertRefused(status, code, get("k?partNumber=" + number));
        if (status == 416) {
            assertThat(refused.element("ActualPartCount")).isEqualTo("1");
            assertThat(refused.element("PartNumberRequested")).isEqualTo("2");
        }
    }

    @Test
    void theFirstPartOfAWholeObjectIsAllOfIt() {
        RawResponse response = get("k?partNumber=1");
        assertThat(response.status()).isEqualTo(206);
        assertThat(response.header("content-range")).isEqualTo("bytes 0-9/10");
        assertThat(response.header("x-amz-mp-parts-count")).isNull();
        assertRefused(400, "InvalidRequest", get("k?partNumber=1", "Range", "bytes=0-1"));
    }

    @Test
    void versionsOfAnUnversionedBucketAreNull() {
        assertThat(get("k?versionId=null").text()).isEqualTo(BODY);
        assertRefused(400, "InvalidArgument", get("k?versionId=nonsense"));
        assertRefused(400, "InvalidArgument", get("k?versionId="));
        assertRefused(404, "NoSuchVersion", get("k?versionId=cv100000000000000000000000000001"));
    }

    @Test
    void headersOfEncryptionThatDoNotBelongHereAreRefused() {
        assertRefused(400, "InvalidArgument", get("k", "x-amz-server-side-encryption-customer-algorithm", "AES256"));
        assertRefused(400, "InvalidArgument", get("k", "x-amz-server-side-encryption", "AES256"));
    }

    @Test
    void requestsMayFollowOneAnotherOnAConnection() {
        String text = new String(BODY.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            assertThat(store.s3()
                            .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                            .asUtf8String())
                    .isEqualTo(text);
        }
    }
}
