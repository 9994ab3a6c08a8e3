package io.coffer.it.bucket;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.services.s3.model.CORSRule;

@ExtendWith(StoreExtension.class)
class GetBucketCorsIT {
    private final Store store;
    private final String bucket;

    GetBucketCorsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void tellsTheRulesAsTheyWereSet() {
        RawResponse none = assertRefused(
                404,
                "NoSuchCORSConfiguration",
                store.request("GET", "/" + bucket + "?cors").send());
        assertThat(none.element("BucketName")).isEqualTo(bucket);
        CORSRule whole = CORSRule.builder()
                .id("one & only")
                .allowedHeaders("*")
                .allowedMethods("GET", "HEAD")
                .allowedOrigins("http://a", "http://b")
                .exposeHeaders("ETag")
                .maxAgeSeconds(0)
                .build();
        CORSRule least =
                CORSRule.builder().allowedMethods("PUT").allowedOrigins("*").build();
        store.s3().putBucketCors(put -> put.bucket(bucket).corsConfiguration(c -> c.corsRules(whole, least)));
        assertThat(store.s3().getBucketCors(get -> get.bucket(bucket)).corsRules())
                .containsExactly(whole, least);
        assertRefused(403, "AccessDenied", () -> store.newAccount().s3().getBucketCors(get -> get.bucket(bucket)));
    }
}
