package io.coffer.it.bucket;

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
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.ListObjectsResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

@ExtendWith(StoreExtension.class)
class ListObjectsIT {
    private final Store store;
    private final String bucket;

    ListObjectsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        for (String key : new String[] {"a", "a/1", "a/2", "b/x/1", "b/y/1", "c"}) {
            store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(key));
        }
    }

    @Test
    void listsObjectsWithTheirOwners() {
        ListObjectsResponse response = store.s3().listObjects(list -> list.bucket(bucket));
        assertThat(response.contents())
                .extracting(S3Object::key)
                .containsExactly("a", "a/1", "a/2", "b/x/1", "b/y/1", "c");
        S3Object first = response.contents().getFirst();
        assertThat(first.size()).isEqualTo(1);
        assertThat(first.eTag()).isEqualTo("\"0cc175b9c0f1b6a831c399e269772661\"");
        assertThat(first.owner().id()).hasSize(64);
        assertThat(first.storageClassAsString()).isEqualTo("STANDARD");
        assertThat(first.lastModified()).isNotNull();
        assertThat(response.isTruncated()).isFalse();
        assertThat(response.nextMarker()).isNull();
    }

    @Test
    void theDocumentIsAmazons() {
        RawResponse response =
                store.request("GET", "/" + bucket + "?prefix=zzz").send();
        assertThat(response.header("content-type")).isEqualTo("application/xml");
        assertThat(response.text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>" + bucket
                        + "</Name><Prefix>zzz</Prefix><Marker/><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>"
                        + "</ListBucketResult>");
    }

    @Test
    void rollsUpAtTheDelimiter() {
        ListObjectsResponse response =
                store.s3().listObjects(list -> list.bucket(bucket).delimiter("/"));
        assertThat(response.contents()).extracting(S3Object::key).containsExactly("a", "c");
        assertThat(response.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("a/", "b/");
    }

    @Test
    void goesOnFromAMarker() {
        List<String> seen = new ArrayList<>();
        String marker = "";
        while (true) {
            String from = marker;
            ListObjectsResponse page = store.s3()
                    .listObjects(list ->
                            list.bucket(bucket).delimiter("/").maxKeys(1).marker(from));
            page.contents().forEach(object -> seen.add(object.key()));
            page.commonPrefixes().forEach(prefix -> seen.add(prefix.prefix()));
            assertThat(page.contents().size() + page.commonPrefixes().size()).isEqualTo(1);
            if (!page.isTruncated()) {
                break;
            }
            assertThat(page.nextMarker()).isEqualTo(seen.getLast());
            marker = page.nextMarker();
        }
        assertThat(seen).containsExactly("a", "a/", "b/", "c");
    }

    @Test
    void nextMarkersComeWithDelimitersOnly() {
        ListObjectsResponse page =
                store.s3().listObjects(list -> list.bucket(bucket).maxKeys(2));
        assertThat(page.isTruncated()).isTrue();
        assertThat(page.nextMarker()).isNull();
        assertThat(store.s3()
                        .listObjects(list -> list.bucket(bucket).marker("a/1"))
                        .contents())
                .extracting(S3Object::key)
                .startsWith("a/2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-keys=-1", "max-keys=x", "max-keys=99999999999", "encoding-type=xml", "list-type=1"})
    void refusesWrongParameters(String query) {
        RawResponse refused = assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "?" + query).send());
        assertThat(refused.element("ArgumentName")).isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void noneAreAFewToo() {
        RawResponse response =
                store.request("GET", "/" + bucket + "?max-keys=0").send();
        assertThat(response.element("MaxKeys")).isEqualTo("0");
        assertThat(response.element("IsTruncated")).isEqualTo("false");
        assertThat(response.elements("Key")).isEmpty();
        assertThat(store.request("GET", "/" + bucket + "?max-keys=5000").send().element("MaxKeys"))
                .isEqualTo("1000");
    }
}
