package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.Tag;
import software.amazon.awssdk.services.s3.model.TaggingDirective;

@ExtendWith(StoreExtension.class)
class PutObjectTaggingIT {
    private final Store store;
    private final String bucket;

    PutObjectTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("body"));
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private List<Tag> tags(String key) {
        return store.s3().getObjectTagging(get -> get.bucket(bucket).key(key)).tagSet();
    }

    private List<Tag> tags(String key, String version) {
        return store.s3()
                .getObjectTagging(get -> get.bucket(bucket).key(key).versionId(version))
                .tagSet();
    }

    private String put(String key, Tag... tags) {
        return store.s3()
                .putObjectTagging(put -> put.bucket(bucket).key(key).tagging(t -> t.tagSet(tags)))
                .versionId();
    }

    private RawResponse put(String tagSet) {
        return store.request("PUT", "/" + bucket + "/k?tagging")
                .document("<Tagging>" + tagSet + "</Tagging>")
                .send();
    }

    private static String many(int count) {
        return "<TagSet>"
                + IntStream.range(0, count)
                        .mapToObj(i -> "<Tag><Key>k" + i + "</Key><Value>v</Value></Tag>")
                        .collect(Collectors.joining())
                + "</TagSet>";
    }

    @Test
    void tagsReplaceThoseBeforeAndChangeNothingElse() {
        HeadObjectResponse before =
                store.s3().headObject(head -> head.bucket(bucket).key("k"));
        put("k", tag("b", "2"), tag("a", "1"));
        assertThat(tags("k")).containsExactly(tag("a", "1"), tag("b", "2"));
        put("k", tag("c", ""));
        assertThat(tags("k")).containsExactly(tag("c", ""));
        HeadObjectResponse after =
                store.s3().headObject(head -> head.bucket(bucket).key("k"));
        assertThat(after.eTag()).isEqualTo(before.eTag());
        assertThat(after.lastModified()).isEqualTo(before.lastModified());
        assertThat(store.request("GET", "/" + bucket + "/k").send().header("x-amz-tagging-count"))
                .isEqualTo("1");
        assertThat(put("<TagSet/>").status()).isEqualTo(200);
        assertThat(tags("k")).isEmpty();
        assertThat(store.request("GET", "/" + bucket + "/k").send().header("x-amz-tagging-count"))
                .isNull();
    }

    @Test
    void aVersionsTagsChangeWithoutAnotherVersion() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        String first = store.s3()
                .putObject(put -> put.bucket(bucket).key("v").tagging("n=1"), RequestBody.fromString("1"))
                .versionId();
        String second = store.s3()
                .putObject(put -> put.bucket(bucket).key("v"), RequestBody.fromString("2"))
                .versionId();
        assertThat(put("v", tag("n", "2"))).isEqualTo(second);
        assertThat(tags("v", first)).containsExactly(tag("n", "1"));
        assertThat(store.s3()
                        .putObjectTagging(put ->
                                put.bucket(bucket).key("v").versionId(first).tagging(t -> t.tagSet(tag("old", "yes"))))
                        .versionId())
                .isEqualTo(first);
        assertThat(tags("v", first)).containsExactly(tag("old", "yes"));
        assertThat(tags("v")).containsExactly(tag("n", "2"));
        assertThat(store.s3()
                        .listObjectVersions(list -> list.bucket(bucket).prefix("v"))
                        .versions())
                .hasSize(2);
        String marker = store.s3()
                .deleteObject(delete -> delete.bucket(bucket).key("v"))
                .versionId();
        assertRefused(404, "NoSuchKey", () -> put("v", tag("n", "3")));
        assertRefused(
                405,
                "MethodNotAllowed",
                () -> store.s3()
                        .putObjectTagging(put ->
                                put.bucket(bucket).key("v").versionId(marker).tagging(t -> t.tagSet(tag("n", "3")))));
        assertThat(tags("v", second)).containsExactly(tag("n", "2"));
    }

    @Test
    void writesBringTheirTags() {
        store.s3()
                .putObject(put -> put.bucket(bucket).key("t").tagging("a=1&b=%C3%A9+%2B"), RequestBody.fromString("x"));
        assertThat(tags("t")).containsExactly(tag("a", "1"), tag("b", "é +"));
        store.s3().putObject(put -> put.bucket(bucket).key("t"), RequestBody.fromString("y"));
        assertThat(tags("t")).as("of an object that took the place of another").isEmpty();
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("m").tagging("part=whole"))
                .uploadId();
        String etag = store.s3()
                .uploadPart(
                        part -> part.bucket(bucket).key("m").uploadId(upload).partNumber(1),
                        RequestBody.fromString("x"))
                .eTag();
        store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("m")
                        .uploadId(upload)
                        .multipartUpload(m -> m.parts(
                                CompletedPart.builder().partNumber(1).eTag(etag).build())));
        assertThat(tags("m")).containsExactly(tag("part", "whole"));
    }

    @Test
    void copiesTakeTagsAlongUnlessTheyBringTheirOwn() {
        put("k", tag("a", "1"));
        copy("kept", null, null, null);
        assertThat(tags("kept")).containsExactly(tag("a", "1"));
        copy("metadata", null, MetadataDirective.REPLACE, null);
        assertThat(tags("metadata")).containsExactly(tag("a", "1"));
        copy("ignored", TaggingDirective.COPY, null, "b=2");
        assertThat(tags("ignored")).containsExactly(tag("a", "1"));
        copy("replaced", TaggingDirective.REPLACE, null, "b=2");
        assertThat(tags("replaced")).containsExactly(tag("b", "2"));
        copy("none", TaggingDirective.REPLACE, null, null);
        assertThat(tags("none")).isEmpty();
        copy("bytes", TaggingDirective.REPLACE, MetadataDirective.REPLACE, "c=3");
        assertThat(tags("bytes")).containsExactly(tag("c", "3"));
    }

    private void copy(String to, TaggingDirective tagging, MetadataDirective metadata, String tags) {
        store.s3()
                .copyObject(copy -> copy.sourceBucket(bucket)
                        .sourceKey("k")
                        .destinationBucket(bucket)
                        .destinationKey(to)
                        .taggingDirective(tagging)
                        .metadataDirective(metadata)
                        .tagging(tags));
    }

    @ParameterizedTest
    @CsvSource({
        "<TagSet><Tag><Key/><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a!</Key><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>aws:a</Key><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a</Key><Value>v</Value></Tag><Tag><Key>a</Key><Value>w</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a</Key></Tag></TagSet>, MalformedXML",
        "<Other/>, MalformedXML",
        "'', MalformedXML",
    })
    void whatIsNoTagIsRefusedAndChangesNothing(String tagSet, String code) {
        put("k", tag("a", "1"));
        assertRefused(400, code, put(tagSet));
        assertThat(tags("k")).containsExactly(tag("a", "1"));
    }

    @Test
    void tenAreEnough() {
        assertThat(put(many(10)).status()).isEqualTo(200);
        RawResponse refused = assertRefused(400, "BadRequest", put(many(11)));
        assertThat(refused.element("Message")).isEqualTo("Object tags cannot be greater than 10");
        assertThat(tags("k")).hasSize(10);
    }

    @Test
    void onlyWhatIsThereAndOnesOwnCanBeTagged() {
        assertRefused(404, "NoSuchKey", () -> put("missing", tag("a", "1")));
        assertRefused(
                404,
                "NoSuchVersion",
                () -> store.s3()
                        .putObjectTagging(put -> put.bucket(bucket)
                                .key("k")
                                .versionId("cv100000000000000000000000000001")
                                .tagging(t -> t.tagSet(tag("a", "1")))));
        assertRefused(
                400,
                "InvalidArgument",
                () -> store.s3()
                        .putObjectTagging(put -> put.bucket(bucket)
                                .key("k")
                                .versionId("nonsense")
                                .tagging(t -> t.tagSet(tag("a", "1")))));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .putObjectTagging(put -> put.bucket(bucket).key("k").tagging(t -> t.tagSet(tag("a", "1")))));
    }
}
