package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.Tag;

@ExtendWith(StoreExtension.class)
class PutBucketTaggingIT {
    private final Store store;
    private final String bucket;

    PutBucketTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private static Tag tag(String key, String value) {
        return Tag.builder().key(key).value(value).build();
    }

    private RawResponse put(String tagSet) {
        return store.request("PUT", "/" + bucket + "?tagging")
                .document("<Tagging>" + tagSet + "</Tagging>")
                .send();
    }

    private static String tags(int count) {
        return "<TagSet>"
                + IntStream.range(0, count)
                        .mapToObj(i -> "<Tag><Key>k" + i + "</Key><Value>v</Value></Tag>")
                        .collect(Collectors.joining())
                + "</TagSet>";
    }

    @Test
    void tagsReplaceThoseBefore() {
        store.s3().putBucketTagging(put -> put.bucket(bucket).tagging(t -> t.tagSet(tag("a", "1"), tag("b", ""))));
        assertThat(store.s3().getBucketTagging(get -> get.bucket(bucket)).tagSet())
                .containsExactly(tag("a", "1"), tag("b", ""));
        Tag odd = tag("Grün + - = . _ : / @", "été");
        store.s3().putBucketTagging(put -> put.bucket(bucket).tagging(t -> t.tagSet(odd)));
        assertThat(store.s3().getBucketTagging(get -> get.bucket(bucket)).tagSet())
                .containsExactly(odd);
        assertThat(put("<TagSet/>").status()).isEqualTo(204);
        assertRefused(404, "NoSuchTagSet", () -> store.s3().getBucketTagging(get -> get.bucket(bucket)));
    }

    @Test
    void fiftyAreEnough() {
        assertThat(put(tags(50)).status()).isEqualTo(204);
        RawResponse refused = assertRefused(400, "BadRequest", put(tags(51)));
        assertThat(refused.element("Message")).isEqualTo("Bucket tag count cannot be greater than 50");
        assertThat(store.s3().getBucketTagging(get -> get.bucket(bucket)).tagSet())
                .hasSize(50);
    }

    @ParameterizedTest
    @CsvSource({
        "<TagSet><Tag><Key/><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a!</Key><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a</Key><Value>v&amp;w</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>aws:a</Key><Value>v</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a</Key><Value>v</Value></Tag><Tag><Key>a</Key><Value>w</Value></Tag></TagSet>, InvalidTag",
        "<TagSet><Tag><Key>a</Key></Tag></TagSet>, MalformedXML",
        "<TagSet><Tag><Value>a</Value></Tag></TagSet>, MalformedXML",
        "<TagSet><Other/></TagSet>, MalformedXML",
        "<TagSet/><TagSet/>, MalformedXML",
        "'', MalformedXML",
    })
    void whatIsNoTagIsRefusedAndChangesNothing(String tagSet, String code) {
        assertRefused(400, code, put(tagSet));
        assertRefused(404, "NoSuchTagSet", () -> store.s3().getBucketTagging(get -> get.bucket(bucket)));
    }

    @Test
    void keysAndValuesHaveBounds() {
        assertThat(put("<TagSet><Tag><Key>" + "k".repeat(128) + "</Key><Value>" + "v".repeat(256)
                                + "</Value></Tag></TagSet>")
                        .status())
                .isEqualTo(204);
        assertRefused(400, "InvalidTag", put("<TagSet><Tag><Key>" + "k".repeat(129) + "</Key><Value/></Tag></TagSet>"));
        assertRefused(
                400,
                "InvalidTag",
                put("<TagSet><Tag><Key>k</Key><Value>" + "v".repeat(257) + "</Value></Tag></TagSet>"));
    }

    @Test
    void theDocumentMustSayWhatItIs() {
        assertRefused(
                400,
                "InvalidRequest",
                store.request("PUT", "/" + bucket + "?tagging")
                        .body("<Tagging>" + tags(1) + "</Tagging>")
                        .send());
    }

    @Test
    void othersCanNot() {
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount()
                        .s3()
                        .putBucketTagging(put -> put.bucket(bucket).tagging(t -> t.tagSet(tag("a", "1")))));
    }
}
