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
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.Delete;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

@ExtendWith(StoreExtension.class)
class ListObjectVersionsIT {
    private final Store store;
    private final String bucket;

    ListObjectVersionsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        for (String key : new String[] {"a", "a/1", "b/1", "c"}) {
            store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString("old"));
            store.s3().putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString("new!"));
        }
    }

    @Test
    void anUnversionedBucketHasOneNullVersionOfEach() {
        ListObjectVersionsResponse response = store.s3().listObjectVersions(list -> list.bucket(bucket));
        assertThat(response.versions()).extracting(ObjectVersion::key).containsExactly("a", "a/1", "b/1", "c");
        assertThat(response.versions()).allSatisfy(version -> {
            assertThat(version.versionId()).isEqualTo("null");
            assertThat(version.isLatest()).isTrue();
            assertThat(version.size()).isEqualTo(4);
            assertThat(version.owner().id()).hasSize(64);
        });
        assertThat(response.deleteMarkers()).isEmpty();
        assertThat(response.isTruncated()).isFalse();
    }

    @Test
    void pagesByKeyAndVersion() {
        List<String> seen = new ArrayList<>();
        ListObjectVersionsResponse page =
                store.s3().listObjectVersions(list -> list.bucket(bucket).maxKeys(1));
        while (true) {
            page.versions().forEach(version -> seen.add(version.key()));
            if (!page.isTruncated()) {
                break;
            }
            String key = page.nextKeyMarker();
            String version = page.nextVersionIdMarker();
            assertThat(version).isEqualTo("null");
            page = store.s3()
                    .listObjectVersions(list ->
                            list.bucket(bucket).maxKeys(1).keyMarker(key).versionIdMarker(version));
        }
        assertThat(seen).containsExactly("a", "a/1", "b/1", "c");
    }

    @Test
    void rollsUpAtTheDelimiter() {
        ListObjectVersionsResponse response =
                store.s3().listObjectVersions(list -> list.bucket(bucket).delimiter("/"));
        assertThat(response.versions()).extracting(ObjectVersion::key).containsExactly("a", "c");
        assertThat(response.commonPrefixes()).extracting(CommonPrefix::prefix).containsExactly("a/", "b/");
    }

    @Test
    void clientsCleanUpThroughIt() {
        List<ObjectIdentifier> all = store.s3().listObjectVersions(list -> list.bucket(bucket)).versions().stream()
                .map(version -> ObjectIdentifier.builder()
                        .key(version.key())
                        .versionId(version.versionId())
                        .build())
                .toList();
        assertThat(store.s3()
                        .deleteObjects(delete -> delete.bucket(bucket)
                                .delete(Delete.builder().objects(all).build()))
                        .errors())
                .isEmpty();
        assertThat(store.s3().listObjectVersions(list -> list.bucket(bucket)).versions())
                .isEmpty();
        store.s3().deleteBucket(delete -> delete.bucket(bucket));
    }

    @Test
    void refusesWrongMarkers() {
        RawResponse refused = assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "?version-id-marker=null&versions")
                        .send());
        assertThat(refused.element("Message")).contains("without a key marker");
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "?key-marker=a&version-id-marker=nonsense&versions")
                        .send());
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "?max-keys=-1&versions").send());
    }
}
