package io.coffer.it.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Tag;

/** What answers tell of when lifecycle rules let objects and uploads go. */
@ExtendWith(StoreExtension.class)
class ExpiryHeadersIT {
    private static final Pattern EXPIRATION = Pattern.compile("expiry-date=\"([^\"]+)\", rule-id=\"([^\"]+)\"");

    private final Store store;
    private final String bucket;

    ExpiryHeadersIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private void rules(LifecycleRule... rules) {
        store.s3()
                .putBucketLifecycleConfiguration(put -> put.bucket(bucket).lifecycleConfiguration(c -> c.rules(rules)));
    }

    private static LifecycleRule.Builder rule(String id) {
        return LifecycleRule.builder().id(id).status(ExpirationStatus.ENABLED).filter(filter -> {});
    }

    private String put(String key) {
        return store.s3()
                .putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("body"))
                .expiration();
    }

    private static Instant midnightAfter(int days) {
        return Instant.now().truncatedTo(ChronoUnit.DAYS).plus(days + 1, ChronoUnit.DAYS);
    }

    private static void assertExpires(String header, int days, String rule) {
        Matcher parts = EXPIRATION.matcher(String.valueOf(header));
        assertThat(parts.matches()).as(header).isTrue();
        // The day may have ended since.
        assertThat(ZonedDateTime.parse(parts.group(1), DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant())
                .isBetween(midnightAfter(days - 1), midnightAfter(days));
        assertThat(parts.group(2)).isEqualTo(rule);
    }

    @Test
    void appendsAndCompositionsTellItByTheTagsAndTheSizeOfTheWhole() {
        Tag tag = Tag.builder().key("kind").value("log").build();
        rules(rule("logs")
                .filter(filter -> filter.and(and ->
                        and.tags(tag, tag.toBuilder().key("more").build()).objectSizeGreaterThan(6L)))
                .expiration(e -> e.days(3))
                .build());
        store.s3()
                .putObject(
                        put -> put.bucket(bucket).key("k").tagging("kind=log&more=log"),
                        RequestBody.fromString("body"));
        assertThat(append("k?append", "x").header("x-amz-expiration")).isNull();
        assertExpires(append("k?append", "yz").header("x-amz-expiration"), 3, "logs");
        assertThat(append("plain?append", "1234567").header("x-amz-expiration")).isNull();
        RawResponse composed = store.request("PUT", "/" + bucket + "/whole?compose")
                .header("x-amz-tagging", "kind=log&more=log")
                .document(
                        "<ComposeRequest><Component><Name>k</Name></Component><Component><Name>plain</Name></Component>"
                                + "</ComposeRequest>")
                .send();
        assertExpires(composed.header("x-amz-expiration"), 3, "logs");
    }

    private RawResponse append(String target, String body) {
        return store.request("PUT", "/" + bucket + "/" + target).body(body).send();
    }

    @Test
    void everyAnswerAboutTheNewestVersionTellsWhenItGoes() {
        rules(rule("after \"3\" days é").expiration(e -> e.days(3)).build());
        String id = "after %223%22 days %C3%A9";
        assertExpires(put("k"), 3, id);
        assertExpires(
                store.s3().headObject(head -> head.bucket(bucket).key("k")).expiration(), 3, id);
        assertExpires(
                store.s3()
                        .getObjectAsBytes(get -> get.bucket(bucket).key("k").range("bytes=0-1"))
                        .response()
                        .expiration(),
                3,
                id);
        assertExpires(
                store.s3()
                        .copyObject(copy -> copy.sourceBucket(bucket)
                                .sourceKey("k")
                                .destinationBucket(bucket)
                                .destinationKey("copy"))
                        .expiration(),
                3,
                id);
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket).key("parts"))
                .uploadId();
        String etag = store.s3()
                .uploadPart(
                        part -> part.bucket(bucket)
                                .key("parts")
                                .uploadId(upload)
                                .partNumber(1),
                        RequestBody.fromString("part"))
                .eTag();
        assertExpires(
                store.s3()
                        .completeMultipartUpload(complete -> complete.bucket(bucket)
                                .key("parts")
                                .uploadId(upload)
                                .multipartUpload(parts ->
                                        parts.parts(part -> part.partNumber(1).eTag(etag))))
                        .expiration(),
                3,
                id);
    }

    @Test
    void onlyRulesThatCoverTheObjectCount() {
        assertThat(put("before")).isNull();
        rules(
                rule("tagged")
                        .filter(filter ->
                                filter.tag(Tag.builder().key("a").value("1").build()))
                        .expiration(e -> e.days(2))
                        .build(),
                rule("large")
                        .filter(filter -> filter.objectSizeGreaterThan(100L))
                        .expiration(e -> e.days(1))
                        .build(),
                rule("off")
                        .status(ExpirationStatus.DISABLED)
                        .expiration(e -> e.days(1))
                        .build(),
                rule("markers")
                        .expiration(e -> e.expiredObjectDeleteMarker(true))
                        .build());
        assertThat(put("plain")).isNull();
        assertExpires(
                store.s3()
                        .putObject(
                                put -> put.bucket(bucket).key("tagged").tagging("a=1&b=2"),
                                RequestBody.fromString("body"))
                        .expiration(),
                2,
                "tagged");
        assertExpires(
                store.s3()
                        .putObject(put -> put.bucket(bucket).key("large"), RequestBody.fromBytes(new byte[101]))
                        .expiration(),
                1,
                "large");
        store.s3()
                .putObjectTagging(put -> put.bucket(bucket)
                        .key("plain")
                        .tagging(tags ->
                                tags.tagSet(Tag.builder().key("a").value("1").build())));
        assertExpires(
                store.s3().headObject(head -> head.bucket(bucket).key("plain")).expiration(), 2, "tagged");
        store.s3().deleteBucketLifecycle(delete -> delete.bucket(bucket));
        assertThat(store.s3()
                        .headObject(head -> head.bucket(bucket).key("plain"))
                        .expiration())
                .isNull();
    }

    @Test
    void anAnswerAboutAVersionTellsNothing() {
        store.s3()
                .putBucketVersioning(put ->
                        put.bucket(bucket).versioningConfiguration(v -> v.status(BucketVersioningStatus.ENABLED)));
        rules(rule("r").expiration(e -> e.days(1)).build());
        String version = store.s3()
                .putObject(put -> put.bucket(bucket).key("k"), RequestBody.fromString("body"))
                .versionId();
        assertThat(store.s3().headObject(head -> head.bucket(bucket).key("k")).expiration())
                .isNotNull();
        assertThat(store.s3()
                        .headObject(head -> head.bucket(bucket).key("k").versionId(version))
                        .expiration())
                .isNull();
    }

    @Test
    void uploadsTellWhenTheyAreAborted() {
        rules(
                rule("other")
                        .filter(filter -> filter.prefix("other/"))
                        .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(1))
                        .build(),
                rule("week")
                        .abortIncompleteMultipartUpload(abort -> abort.daysAfterInitiation(7))
                        .build());
        CreateMultipartUploadResponse created =
                store.s3().createMultipartUpload(create -> create.bucket(bucket).key("k"));
        assertThat(created.abortRuleId()).isEqualTo("week");
        assertThat(created.abortDate().atZone(ZoneOffset.UTC).toInstant())
                .isBetween(midnightAfter(6), midnightAfter(7));
        ListPartsResponse listed =
                store.s3().listParts(list -> list.bucket(bucket).key("k").uploadId(created.uploadId()));
        assertThat(listed.abortDate()).isEqualTo(created.abortDate());
        assertThat(listed.abortRuleId()).isEqualTo("week");
        store.s3().deleteBucketLifecycle(delete -> delete.bucket(bucket));
        CreateMultipartUploadResponse without =
                store.s3().createMultipartUpload(create -> create.bucket(bucket).key("k"));
        assertThat(without.abortDate()).isNull();
        assertThat(without.abortRuleId()).isNull();
    }
}
