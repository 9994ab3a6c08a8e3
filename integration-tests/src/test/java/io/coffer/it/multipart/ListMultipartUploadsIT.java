package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

@ExtendWith(StoreExtension.class)
class ListMultipartUploadsIT {
    private final Store store;
    private final String bucket;
    private final List<String> ids = new ArrayList<>();

    ListMultipartUploadsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        for (String key : new String[] {"b", "a", "b", "c/1", "c/2"}) {
            ids.add(Multipart.create(store, bucket, key));
        }
    }

    @Test
    void listsUploadsByKeyThenByTime() {
        ListMultipartUploadsResponse response = store.s3().listMultipartUploads(list -> list.bucket(bucket));
        assertThat(response.uploads()).extracting(MultipartUpload::key).containsExactly("a", "b", "b", "c/1", "c/2");
        assertThat(response.uploads())
                .extracting(MultipartUpload::uploadId)
                .containsExactly(ids.get(1), ids.get(0), ids.get(2), ids.get(3), ids.get(4));
        assertThat(response.uploads()).allSatisfy(upload -> {
            assertThat(upload.owner().id()).hasSize(64);
            assertThat(upload.initiated()).isNotNull();
        });
        assertThat(response.isTruncated()).isFalse();
    }

    @Test
    void filtersAndRollsUp() {
        ListMultipartUploadsResponse response =
                store.s3().listMultipartUploads(list -> list.bucket(bucket).delimiter("/"));
        assertThat(response.uploads()).extracting(MultipartUpload::key).containsExactly("a", "b", "b");
        assertThat(response.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("c/");
        assertThat(store.s3()
                        .listMultipartUploads(list -> list.bucket(bucket).prefix("c"))
                        .uploads())
                .hasSize(2);
    }

    @Test
    void pagesThroughThem() {
        List<String> seen = new ArrayList<>();
        String key = null;
        String id = null;
        while (true) {
            String fromKey = key;
            String fromId = id;
            ListMultipartUploadsResponse page = store.s3()
                    .listMultipartUploads(list ->
                            list.bucket(bucket).maxUploads(1).keyMarker(fromKey).uploadIdMarker(fromId));
            page.uploads().forEach(upload -> seen.add(upload.uploadId()));
            if (!page.isTruncated()) {
                break;
            }
            key = page.nextKeyMarker();
            id = page.nextUploadIdMarker();
        }
        assertThat(seen).containsExactly(ids.get(1), ids.get(0), ids.get(2), ids.get(3), ids.get(4));
    }

    @Test
    void forgetsThoseThatAreDone() {
        store.s3().abortMultipartUpload(abort -> abort.bucket(bucket).key("a").uploadId(ids.get(1)));
        var part = Multipart.part(store, bucket, "b", ids.get(0), 1, new byte[3]);
        Multipart.complete(store, bucket, "b", ids.get(0), List.of(part));
        assertThat(store.s3().listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .extracting(MultipartUpload::uploadId)
                .containsExactly(ids.get(2), ids.get(3), ids.get(4));
    }

    @Test
    void namesAreEncodedOnRequest() {
        Multipart.create(store, bucket, "z z");
        RawResponse response = store.request("GET", "/" + bucket + "?encoding-type=url&prefix=z&uploads")
                .send();
        assertThat(response.element("Key")).isEqualTo("z+z");
        assertThat(response.element("EncodingType")).isEqualTo("url");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"max-uploads=-1", "max-uploads=x", "encoding-type=x", "key-marker=a&upload-id-marker=nonsense"})
    void refusesWrongParameters(String query) {
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "?" + query + "&uploads").send());
    }
}
