package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/** Every operation on objects of a bucket whose versions are kept. */
@ExtendWith(StoreExtension.class)
class VersionsIT {
    private static final String NO_VERSION = "cv100000000000000000000000000001";

    private final Store store;
    private final String bucket;

    VersionsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        set(BucketVersioningStatus.ENABLED);
    }

    private void set(BucketVersioningStatus status) {
        store.s3().putBucketVersioning(put -> put.bucket(bucket).versioningConfiguration(v -> v.status(status)));
    }

    private String put(String key, String body) {
        return store.s3()
                .putObject(object -> object.bucket(bucket).key(key), RequestBody.fromString(body))
                .versionId();
    }

    private String delete(String key) {
        return store.s3().deleteObject(delete -> delete.bucket(bucket).key(key)).versionId();
    }

    private String read(String key) {
        return store.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String();
    }

    private String read(String key, String version) {
        return store.s3()
                .getObjectAsBytes(get -> get.bucket(bucket).key(key).versionId(version))
                .asUtf8String();
    }

    private RawResponse raw(String method, String keyAndQuery) {
        return store.request(method, "/" + bucket + "/" + keyAndQuery).send();
    }

    /** Keys and versions in the order of the document, markers with a minus, the latest with a star. */
    private List<String> lines(RawResponse page) {
        List<String> lines = new ArrayList<>();
        java.util.regex.Matcher line = java.util.regex.Pattern.compile(
                        "<(Version|DeleteMarker)><Key>([^<]*)</Key><VersionId>([^<]*)</VersionId><IsLatest>([a-z]*)<")
                .matcher(page.text());
        while (line.find()) {
            lines.add((line.group(1).equals("Version") ? "" : "-") + line.group(2) + " " + line.group(3)
                    + (line.group(4).equals("true") ? "*" : ""));
        }
        return lines;
    }

    @Test
    void readsAreOfTheLatestOrTheNamedVersion() {
        String first = put("k", "first");
        String second = put("k", "second");
        assertThat(read("k")).isEqualTo("second");
        assertThat(read("k", first)).isEqualTo("first");
        assertThat(raw("HEAD", "k").header("x-amz-version-id")).isEqualTo(second);
        assertThat(raw("GET", "k?versionId=" + first).header("x-amz-version-id"))
                .isEqualTo(first);
        assertThat(raw("HEAD", "k?versionId=" + first).header("content-length")).isEqualTo("5");
        assertThat(store.s3()
                        .getObjectAttributes(get -> get.bucket(bucket)
                                .key("k")
                                .versionId(first)
                                .objectAttributes(ObjectAttributes.OBJECT_SIZE))
                        .objectSize())
                .isEqualTo(5);
        assertRefused(404, "NoSuchVersion", raw("GET", "k?versionId=" + NO_VERSION));
        assertRefused(404, "NoSuchVersion", raw("GET", "k?versionId=null"));
        RawResponse refused = assertRefused(400, "InvalidArgument", raw("GET", "k?versionId=nonsense"));
        assertThat(refused.element("Message")).isEqualTo("Invalid version id specified");
        assertThat(refused.element("ArgumentName")).isEqualTo("versionId");
    }

    @Test
    void aDeleteMarkerHidesWhatIsBehindIt() {
        String version = put("k", "body");
        String marker = delete("k");
        RawResponse hidden = assertRefused(404, "NoSuchKey", raw("GET", "k"));
        assertThat(hidden.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(hidden.header("x-amz-version-id")).isEqualTo(marker);
        assertThat(raw("HEAD", "k").header("x-amz-delete-marker")).isEqualTo("true");
        RawResponse named = assertRefused(405, "MethodNotAllowed", raw("GET", "k?versionId=" + marker));
        assertThat(named.header("allow")).isEqualTo("DELETE");
        assertThat(named.header("last-modified")).isNotBlank();
        assertThat(named.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(raw("HEAD", "k?versionId=" + marker).status()).isEqualTo(405);
        assertThat(read("k", version)).isEqualTo("body");
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .isEmpty();

        RawResponse removed = raw("DELETE", "k?versionId=" + marker);
        assertThat(removed.status()).isEqualTo(204);
        assertThat(removed.header("x-amz-delete-marker")).isEqualTo("true");
        assertThat(removed.header("x-amz-version-id")).isEqualTo(marker);
        assertThat(read("k")).isEqualTo("body");
    }

    @Test
    void deletingTheLatestVersionBringsBackTheOneBefore() {
        String first = put("k", "first");
        String second = put("k", "second");
        RawResponse removed = raw("DELETE", "k?versionId=" + second);
        assertThat(removed.header("x-amz-version-id")).isEqualTo(second);
        assertThat(removed.header("x-amz-delete-marker")).isNull();
        assertThat(read("k")).isEqualTo("first");
        assertThat(raw("DELETE", "k?versionId=" + NO_VERSION).status())
                .as("what isn't there")
                .isEqualTo(204);
        assertThat(raw("DELETE", "k?versionId=" + first).status()).isEqualTo(204);
        assertRefused(404, "NoSuchKey", raw("GET", "k"));
        assertRefused(400, "InvalidArgument", raw("DELETE", "k?versionId=nonsense"));
    }

    @Test
    void manyAreDeletedAtOnceByVersionOrWithMarkers() {
        String version = put("a", "1");
        put("b", "1");
        String marker = delete("c");
        DeleteObjectsResponse response = store.s3()
                .deleteObjects(delete -> delete.bucket(bucket)
                        .delete(d -> d.objects(
                                ObjectIdentifier.builder()
                                        .key("a")
                                        .versionId(version)
                                        .build(),
                                ObjectIdentifier.builder().key("b").build(),
                                ObjectIdentifier.builder()
                                        .key("c")
                                        .versionId(marker)
                                        .build(),
                                ObjectIdentifier.builder()
                                        .key("d")
                                        .versionId("nonsense")
                                        .build())));
        assertThat(response.errors()).hasSize(1);
        assertThat(response.errors().getFirst().code()).isEqualTo("NoSuchVersion");
        assertThat(response.deleted()).hasSize(3);
        DeletedObject a = response.deleted().get(0);
        assertThat(a.versionId()).isEqualTo(version);
        assertThat(a.deleteMarker()).isNull();
        DeletedObject b = response.deleted().get(1);
        assertThat(b.deleteMarker()).isTrue();
        assertThat(b.versionId()).isNull();
        assertThat(b.deleteMarkerVersionId()).hasSize(32);
        DeletedObject c = response.deleted().get(2);
        assertThat(c.deleteMarker()).isTrue();
        assertThat(c.versionId()).isEqualTo(marker);
        assertThat(c.deleteMarkerVersionId()).isEqualTo(marker);
    }

    @Test
    void copiesAreOfTheLatestOrTheNamedVersion() {
        String first = put("k", "first");
        String second = put("k", "second");
        CopyObjectResponse copied = store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey("copy"));
        assertThat(copied.copySourceVersionId()).isEqualTo(second);
        assertThat(copied.versionId()).hasSize(32).isNotEqualTo(second);
        CopyObjectResponse restored = store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .sourceVersionId(first)
                        .destinationBucket(bucket)
                        .destinationKey("k"));
        assertThat(restored.copySourceVersionId()).isEqualTo(first);
        assertThat(read("k")).isEqualTo("first");
        assertThat(read("k", second)).isEqualTo("second");
        String marker = delete("k");
        RawResponse refused = store.request("PUT", "/" + bucket + "/copy")
                .header("x-amz-copy-source", bucket + "/k?versionId=" + marker)
                .send();
        assertRefused(400, "InvalidRequest", refused);
        assertRefused(
                404,
                "NoSuchKey",
                store.request("PUT", "/" + bucket + "/copy")
                        .header("x-amz-copy-source", bucket + "/k")
                        .send());
        assertRefused(
                404,
                "NoSuchVersion",
                store.request("PUT", "/" + bucket + "/copy")
                        .header("x-amz-copy-source", bucket + "/k?versionId=" + NO_VERSION)
                        .send());
    }

    @Test
    void aCompletedUploadAndItsCopiedPartsHaveVersions() {
        String first = put("k", "first");
        put("k", "second");
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("whole"))
                .uploadId();
        RawResponse part = store.request("PUT", "/" + bucket + "/whole?partNumber=1&uploadId=" + upload)
                .header("x-amz-copy-source", bucket + "/k?versionId=" + first)
                .send();
        assertThat(part.header("x-amz-copy-source-version-id")).isEqualTo(first);
        String etag = part.element("ETag");
        String version = store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("whole")
                        .uploadId(upload)
                        .multipartUpload(m -> m.parts(
                                CompletedPart.builder().partNumber(1).eTag(etag).build())))
                .versionId();
        assertThat(version).hasSize(32);
        assertThat(read("whole", version)).isEqualTo("first");
    }

    @Test
    void conditionsOfWritesAreAboutTheLatestVersion() {
        put("k", "first");
        assertRefused(
                412,
                "PreconditionFailed",
                () -> store.s3()
                        .putObject(
                                object -> object.bucket(bucket).key("k").ifNoneMatch("*"),
                                RequestBody.fromString("x")));
        String etag =
                store.s3().headObject(head -> head.bucket(bucket).key("k")).eTag();
        store.s3().putObject(object -> object.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("second"));
        assertRefused(
                412,
                "PreconditionFailed",
                () -> store.s3()
                        .putObject(
                                object -> object.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("x")));
        delete("k");
        assertRefused(
                404,
                "NoSuchKey",
                () -> store.s3()
                        .putObject(
                                object -> object.bucket(bucket).key("k").ifMatch(etag), RequestBody.fromString("x")));
        store.s3()
                .putObject(object -> object.bucket(bucket).key("k").ifNoneMatch("*"), RequestBody.fromString("third"));
        ListObjectVersionsResponse versions = store.s3().listObjectVersions(list -> list.bucket(bucket));
        assertThat(versions.versions()).hasSize(3);
        assertThat(versions.deleteMarkers()).hasSize(1);
    }

    @Test
    void aListingIsByKeyThenNewestFirstWhereverItIsCut() {
        List<String> expected = new ArrayList<>();
        for (String key : List.of("a", "a/1", "a/2", "b")) {
            String first = put(key, "1");
            String marker = delete(key);
            String last = put(key, "2");
            expected.add(key + " " + last + "*");
            expected.add("-" + key + " " + marker);
            expected.add(key + " " + first);
        }
        String gone = delete("c");
        expected.add("-c " + gone + "*");
        assertThat(lines(raw("GET", "?versions"))).isEqualTo(expected);
        for (int size = 1; size <= expected.size(); size++) {
            List<String> seen = new ArrayList<>();
            String more = "";
            while (true) {
                RawResponse page = raw("GET", "?versions&max-keys=" + size + more);
                seen.addAll(lines(page));
                if (page.element("IsTruncated").equals("false")) {
                    assertThat(page.element("NextKeyMarker")).isNull();
                    break;
                }
                more = "&key-marker=" + page.element("NextKeyMarker").replace("/", "%2F") + "&version-id-marker="
                        + page.element("NextVersionIdMarker");
            }
            assertThat(seen).as("pages of %d", size).isEqualTo(expected);
        }
        assertThat(lines(raw("GET", "?versions&key-marker=a%2F1"))).isEqualTo(expected.subList(6, expected.size()));
        RawResponse rolled = raw("GET", "?versions&delimiter=%2F&encoding-type=url");
        assertThat(lines(rolled))
                .isEqualTo(expected.stream().filter(line -> !line.contains("/")).collect(Collectors.toList()));
        assertThat(rolled.text()).contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>");
        assertRefused(400, "InvalidArgument", raw("GET", "?versions&key-marker=a&version-id-marker=nonsense"));
        assertRefused(400, "InvalidArgument", raw("GET", "?versions&version-id-marker=" + gone));
    }

    @Test
    void aBucketIsEmptyOnlyWithoutVersionsAndMarkers() {
        put("k", "1");
        delete("k");
        assertRefused(409, "BucketNotEmpty", () -> store.s3().deleteBucket(delete -> delete.bucket(bucket)));
        ListObjectVersionsResponse all = store.s3().listObjectVersions(list -> list.bucket(bucket));
        for (ObjectVersion version : all.versions()) {
            store.s3().deleteObject(delete -> delete.bucket(bucket).key("k").versionId(version.versionId()));
        }
        assertRefused(409, "BucketNotEmpty", () -> store.s3().deleteBucket(delete -> delete.bucket(bucket)));
        for (DeleteMarkerEntry marker : all.deleteMarkers()) {
            store.s3().deleteObject(delete -> delete.bucket(bucket).key("k").versionId(marker.versionId()));
        }
        store.s3().deleteBucket(delete -> delete.bucket(bucket));
    }
}
