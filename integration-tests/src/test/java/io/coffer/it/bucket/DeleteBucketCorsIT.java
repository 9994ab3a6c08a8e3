package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class DeleteBucketCorsIT {
    private final Store store;
    private final String bucket;

    DeleteBucketCorsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void forgetsTheRulesAndMindsNoneThatAreNotThere() {
        store.s3()
                .putBucketCors(put -> put.bucket(bucket)
                        .corsConfiguration(c ->
                                c.corsRules(rule -> rule.allowedMethods("GET").allowedOrigins("*"))));
        assertRefused(
                403, "AccessDenied", () -> store.newAccount().s3().deleteBucketCors(delete -> delete.bucket(bucket)));
        store.s3().deleteBucketCors(delete -> delete.bucket(bucket));
        assertRefused(404, "NoSuchCORSConfiguration", () -> store.s3().getBucketCors(get -> get.bucket(bucket)));
        store.s3().deleteBucketCors(delete -> delete.bucket(bucket));
    }
}
