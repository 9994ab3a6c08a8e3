package io.coffer.it.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

@ExtendWith(StoreExtension.class)
class HeadObjectIT {
    private final Store store;
    private final String bucket;

    HeadObjectIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("k").metadata(Map.of("a", "b")),
                        RequestBody.fromString("0123456789"));
    }

    private RawResponse head(String target, String... headers) {
        var request = store.request("HEAD", "/" + bucket + "/" + target);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    @Test
    void saysWhatAGetWouldSay() {
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("k"));
        assertThat(head.contentLength()).isEqualTo(10);
        assertThat(head.metadata()).containsEntry("a", "b");
        RawResponse get = store.request("GET", "/" + bucket + "/k").send();
        for (String name : new String[] {"etag", "last-modified", "content-type", "accept-ranges", "content-length"}) {
            assertThat(head("k").header(name)).as(name).isEqualTo(get.header(name));
        }
    }

    @Test
    void measuresRanges() {
        RawResponse head = head("k", "Range", "bytes=2-4");
        assertThat(head.status()).isEqualTo(206);
        assertThat(head.header("content-length")).isEqualTo("3");
        assertThat(head.header("content-range")).isEqualTo("bytes 2-4/10");
        assertThat(head("k", "Range", "bytes=50-").status()).isEqualTo(416);
    }

    @Test
    void measuresParts() {
        RawResponse head = head("k?partNumber=1");
        assertThat(head.status()).isEqualTo(206);
        assertThat(head.header("content-range")).isEqualTo("bytes 0-9/10");
        assertThat(head("k?partNumber=2").status()).isEqualTo(416);
    }

    @Test
    void tellsNothingOfWhatIsNotThere() {
        assertThatThrownBy(() ->
                        store.s3().headObject(object -> object.bucket(bucket).key("missing")))
                .isInstanceOf(NoSuchKeyException.class);
        RawResponse response = head("missing");
        assertThat(response.status()).isEqualTo(404);
        assertThat(response.header("x-amz-request-id")).isNotBlank();
        assertThat(response.body()).isEmpty();
    }
}
