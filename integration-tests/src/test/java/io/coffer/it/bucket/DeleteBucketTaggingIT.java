package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class DeleteBucketTaggingIT {
    private final Store store;
    private final String bucket;

    DeleteBucketTaggingIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void takesThemOffAndMindsNoneThatAreNotThere() {
        store.s3()
                .putBucketTagging(put -> put.bucket(bucket)
                        .tagging(t -> t.tagSet(tag -> tag.key("a").value("1"))));
        assertRefused(
                403,
                "AccessDenied",
                () -> store.newAccount().s3().deleteBucketTagging(delete -> delete.bucket(bucket)));
        store.s3().deleteBucketTagging(delete -> delete.bucket(bucket));
        assertRefused(404, "NoSuchTagSet", () -> store.s3().getBucketTagging(get -> get.bucket(bucket)));
        store.s3().deleteBucketTagging(delete -> delete.bucket(bucket));
    }
}
