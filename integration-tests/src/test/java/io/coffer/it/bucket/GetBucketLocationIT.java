package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(StoreExtension.class)
class GetBucketLocationIT {
    private final Store store;

    GetBucketLocationIT(Store store) {
        this.store = store;
    }

    @Test
    void saysNothingOfTheFirstRegion() {
        String bucket = store.newBucket();
        assertThat(store.request("GET", "/" + bucket + "?location").send().text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<LocationConstraint xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"/>");
        assertThat(store.s3()
                        .getBucketLocation(location -> location.bucket(bucket))
                        .locationConstraintAsString())
                .isEmpty();
    }

    @Test
    void namesAnyOther() {
        String bucket = store.freshName();
        store.s3()
                .createBucket(create -> create.bucket(bucket)
                        .createBucketConfiguration(config -> config.locationConstraint("eu-west-1")));
        assertThat(store.s3()
                        .getBucketLocation(location -> location.bucket(bucket))
                        .locationConstraintAsString())
                .isEqualTo("eu-west-1");
    }

    @Test
    void needsABucket() {
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("GET", "/" + store.freshName() + "?location").send());
    }
}
