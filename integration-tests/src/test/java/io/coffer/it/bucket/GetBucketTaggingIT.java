package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketTaggingIT {
    private final Store store;
    private final String bucket;

    GetBucketTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void tellsTheTagsOrThatThereAreNone() {
        RawResponse none = assertRefused(
                404,
                "NoSuchTagSet",
                store.request("GET", "/" + bucket + "?tagging").send());
        assertThat(none.element("BucketName")).isEqualTo(bucket);
        store.s3()
                .putBucketTagging(put -> put.bucket(bucket)
                        .tagging(t -> t.tagSet(tag -> tag.key("a").value("1"))));
        assertThat(store.request("GET", "/" + bucket + "?tagging").send().text())
                .endsWith("\n<Tagging xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><TagSet><Tag><Key>a</Key>"
                        + "<Value>1</Value></Tag></TagSet></Tagging>");
        assertRefused(403, "AccessDenied", () -> store.newAccount().s3().getBucketTagging(get -> get.bucket(bucket)));
    }
}
