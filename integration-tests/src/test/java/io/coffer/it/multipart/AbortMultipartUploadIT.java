package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;

@ExtendWith(StoreExtension.class)
class AbortMultipartUploadIT {
    private final Store store;
    private final String bucket;

    AbortMultipartUploadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private RawResponse abort(String key, String upload) {
        return store.request("DELETE", "/" + bucket + "/" + key + "?uploadId=" + upload)
                .send();
    }

    @Test
    void endsAnUpload() {
        String upload = Multipart.create(store, bucket, "k");
        Multipart.part(store, bucket, "k", upload, 1, new byte[100]);
        assertThat(abort("k", upload).status()).isEqualTo(204);
        assertRefused(404, "NoSuchUpload", abort("k", upload));
        assertRefused(
                404,
                "NoSuchUpload",
                () -> store.s3().listParts(list -> list.bucket(bucket).key("k").uploadId(upload)));
        assertRefused(
                404,
                "NoSuchUpload",
                () -> store.s3()
                        .uploadPart(
                                part -> part.bucket(bucket)
                                        .key("k")
                                        .uploadId(upload)
                                        .partNumber(2),
                                RequestBody.fromString("late")));
        assertThat(store.s3().listMultipartUploads(list -> list.bucket(bucket)).uploads())
                .isEmpty();
    }

    @Test
    void leavesTheObjectOfThatKeyAlone() {
        store.s3().putObject(object -> object.bucket(bucket).key("k"), RequestBody.fromString("kept"));
        String upload = Multipart.create(store, bucket, "k");
        abort("k", upload);
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("kept");
    }

    @Test
    void theUploadMustBeThere() {
        String upload = Multipart.create(store, bucket, "k");
        assertThat(assertRefused(404, "NoSuchUpload", abort("k", "nonsense")).element("UploadId"))
                .isEqualTo("nonsense");
        assertRefused(404, "NoSuchUpload", abort("other", upload));
        assertThat(abort("k", upload).status()).isEqualTo(204);
    }
}
