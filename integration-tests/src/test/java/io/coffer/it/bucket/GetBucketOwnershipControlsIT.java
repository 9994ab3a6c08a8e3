package io.coffer.it.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.ObjectOwnership;

@ExtendWith(StoreExtension.class)
class GetBucketOwnershipControlsIT {
    private final Store store;

    GetBucketOwnershipControlsIT(Store store) {
        this.store = store;
    }

    @Test
    void aNewBucketsOwnerOwnsAllThatIsInIt() {
        String bucket = store.newBucket();
        assertThat(store.request("GET", "/" + bucket + "?ownershipControls")
                        .send()
                        .text())
                .isEqualTo("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        + "<OwnershipControls xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Rule>"
                        + "<ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>");
        for (ObjectOwnership ownership : ObjectOwnership.knownValues()) {
            store.s3()
                    .putBucketOwnershipControls(put -> put.bucket(bucket)
                            .ownershipControls(c -> c.rules(rule -> rule.objectOwnership(ownership))));
            assertThat(store.s3()
                            .getBucketOwnershipControls(get -> get.bucket(bucket))
                            .ownershipControls()
                            .rules()
                            .getFirst()
                            .objectOwnership())
                    .isEqualTo(ownership);
        }
    }
}
