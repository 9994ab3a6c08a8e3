package io.coffer.it.service;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;

@ExtendWith(StoreExtension.class)
class ListBucketsIT {
    private final Store store;
    private final String prefix;
    private final List<String> mine = new ArrayList<>();

    ListBucketsIT(Store store) {
        this.store = store;
        this.prefix = store.freshName() + "-";
        for (String suffix : new String[] {"c", "a", "b"}) {
            String name = prefix + suffix;
            store.s3()
                    .createBucket(bucket -> bucket.bucket(name)
                            .createBucketConfiguration(
                                    config -> config.locationConstraint(suffix.equals("b") ? "eu-west-1" : null)));
            mine.add(name);
        }
        mine.sort(null);
    }

    @Test
    void listsTheAccountsBucketsByName() {
        ListBucketsResponse response = store.s3().listBuckets();
        assertThat(response.buckets())
                .extracting(Bucket::name)
                .containsAll(mine)
                .isSorted();
        assertThat(response.owner().id()).hasSize(64);
        assertThat(response.buckets())
                .allSatisfy(bucket -> assertThat(bucket.creationDate()).isNotNull());
        assertThat(response.continuationToken()).isNull();
    }

    @Test
    void pagesThroughThem() {
        List<String> seen = new ArrayList<>();
        String token = null;
        do {
            String from = token;
            ListBucketsResponse page = store.s3()
                    .listBuckets(list -> list.maxBuckets(1).prefix(prefix).continuationToken(from));
            assertThat(page.buckets()).hasSizeLessThanOrEqualTo(1);
            assertThat(page.prefix()).isEqualTo(prefix);
            page.buckets().forEach(bucket -> seen.add(bucket.name()));
            token = page.continuationToken();
        } while (token != null);
        assertThat(seen).isEqualTo(mine);
    }

    @Test
    void filtersByRegion() {
        ListBucketsResponse page =
                store.s3().listBuckets(list -> list.prefix(prefix).bucketRegion("eu-west-1"));
        assertThat(page.buckets()).extracting(Bucket::name).containsExactly(prefix + "b");
        assertThat(page.buckets().getFirst().bucketRegion()).isEqualTo("eu-west-1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-buckets=0", "max-buckets=10001", "max-buckets=x", "continuation-token=nonsense"})
    void refusesWrongParameters(String query) {
        RawResponse refused = store.request("GET", "/?" + query).send();
        assertRefused(400, "InvalidArgument", refused);
        assertThat(refused.element("ArgumentName")).isEqualTo(query.substring(0, query.indexOf('=')));
    }

    @Test
    void tellsNothingToStrangers() {
        assertRefused(403, "AccessDenied", store.request("GET", "/").anonymous().send());
    }
}
