package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;

@ExtendWith(StoreExtension.class)
class DeleteObjectIT {
    private static final String HELLO_MD5 = "5d41402abc4b2a76b9719d911017c592";

    private final Store store;
    private final String bucket;

    DeleteObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void put(String key) {
        store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString("hello"));
    }

    private boolean exists(String key) {
        return store.request("HEAD", "/" + bucket + "/" + key).send().status() == 200;
    }

    private RawResponse delete(String target, String... headers) {
        var request = store.request("DELETE", "/" + bucket + "/" + target);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @Test
    void takesTheObjectAway() {
        put("k");
        DeleteObjectResponse deleted =
                store.s3().deleteObject(object -> object.bucket(bucket).key("k"));
        assertThat(deleted.sdkHttpResponse().statusCode()).isEqualTo(204);
        assertThat(deleted.deleteMarker()).isNull();
        assertThat(deleted.versionId()).isNull();
        assertThat(exists("k")).isFalse();
    }

    @Test
    void whatIsNotThereIsDeletedAlready() {
        assertThat(delete("never").status()).isEqualTo(204);
        assertThat(delete("never").status()).isEqualTo(204);
    }

    @Test
    void leavesItsNeighboursAlone() {
        put("a");
        put("a/b");
        put("a0");
        delete("a");
        assertThat(exists("a")).isFalse();
        assertThat(exists("a/b")).isTrue();
        assertThat(exists("a0")).isTrue();
    }

    @Test
    void takesTheNullVersionByName() {
        put("v");
        RawResponse response = delete("v?versionId=null");
        assertThat(response.status()).isEqualTo(204);
        assertThat(response.header("x-amz-version-id")).isEqualTo("null");
        assertThat(exists("v")).isFalse();
        assertRefused(400, "InvalidArgument", delete("v?versionId=HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD"));
    }

    @ParameterizedTest
    @CsvSource({
        "If-Match, \"5d41402abc4b2a76b9719d911017c592\", 204",
        "If-Match, 5d41402abc4b2a76b9719d911017c592, 204",
        "If-Match, *, 204",
        "If-Match, \"other\", 412",
        "x-amz-if-match-size, 5, 204",
        "x-amz-if-match-size, 6, 412",
        "x-amz-if-match-size, x, 400",
        "x-amz-if-match-last-modified-time, 'Sun, 06 Nov 1994 08:49:37 GMT', 412",
        "x-amz-if-match-last-modified-time, nonsense, 400",
        "x-amz-bypass-governance-retention, true, 400",
        "x-amz-expected-bucket-owner, 999999999999, 403",
    })
    void conditionsHoldOrNothingHappens(String header, String value, int status) {
        String key = "conditional-" + Integer.toHexString((header + value).hashCode());
        put(key);
        RawResponse response = delete(key, header, value);
        assertThat(response.status()).as(response.toString()).isEqualTo(status);
        assertThat(exists(key)).isEqualTo(status != 204);
        if (status == 412) {
            assertThat(response.element("Condition")).isEqualTo(header);
        }
    }

    @Test
    void aTimeThatIsRightHolds() {
        put("timed");
        String time = store.request("HEAD", "/" + bucket + "/timed").send().header("last-modified");
        assertThat(delete("timed", "x-amz-if-match-last-modified-time", String.valueOf(time))
                        .status())
                .isEqualTo(204);
    }

    @Test
    void aConditionNeedsAnObject() {
        assertRefused(404, "NoSuchKey", delete("absent", "If-Match", HELLO_MD5));
    }
}
