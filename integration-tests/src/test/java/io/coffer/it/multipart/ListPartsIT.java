package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.Part;

@ExtendWith(StoreExtension.class)
class ListPartsIT {
    private final Store store;
    private final String bucket;
    private final String upload;

    ListPartsIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        this.upload = Multipart.create(store, bucket, "k");
        for (int number : new int[] {30, 2, 10_000, 1}) {
            Multipart.part(store, bucket, "k", upload, number, new byte[number]);
        }
    }

    @Test
    void listsPartsByNumber() {
        ListPartsResponse response =
                store.s3().listParts(list -> list.bucket(bucket).key("k").uploadId(upload));
        assertThat(response.parts()).extracting(Part::partNumber).containsExactly(1, 2, 30, 10_000);
        assertThat(response.parts()).extracting(Part::size).containsExactly(1L, 2L, 30L, 10_000L);
        assertThat(response.parts().getFirst().eTag()).isEqualTo("\"93b885adfe0da089cdf634904fd59f71\"");
        assertThat(response.isTruncated()).isFalse();
        assertThat(response.owner().id()).hasSize(64);
        assertThat(response.initiator().id()).isEqualTo(response.owner().id());
        assertThat(response.storageClassAsString()).isEqualTo("STANDARD");
    }

    @Test
    void pagesThroughThem() {
        ListPartsResponse page = store.s3()
                .listParts(list -> list.bucket(bucket).key("k").uploadId(upload).maxParts(2));
        assertThat(page.parts()).extracting(Part::partNumber).containsExactly(1, 2);
        assertThat(page.isTruncated()).isTrue();
        assertThat(page.nextPartNumberMarker()).isEqualTo(2);
        ListPartsResponse rest = store.s3()
                .listParts(list ->
                        list.bucket(bucket).key("k").uploadId(upload).partNumberMarker(page.nextPartNumberMarker()));
        assertThat(rest.parts()).extracting(Part::partNumber).containsExactly(30, 10_000);
        assertThat(rest.isTruncated()).isFalse();
    }

    @Test
    void theUploadMustBeThere() {
        RawResponse refused = assertRefused(
                404,
                "NoSuchUpload",
                store.request("GET", "/" + bucket + "/k?uploadId=nonsense").send());
        assertThat(refused.element("UploadId")).isEqualTo("nonsense");
        assertRefused(
                404,
                "NoSuchUpload",
                store.request("GET", "/" + bucket + "/other?uploadId=" + upload).send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"max-parts=-1", "max-parts=x", "part-number-marker=-1", "part-number-marker=x"})
    void refusesWrongParameters(String query) {
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "/k?" + query + "&uploadId=" + upload)
                        .send());
    }
}
