package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.StorageClass;

@ExtendWith(StoreExtension.class)
class CreateMultipartUploadIT {
    private final Store store;
    private final String bucket;

    CreateMultipartUploadIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    @Test
    void startsAnUploadThatIsNotAnObject() {
        CreateMultipartUploadResponse created =
                store.s3().createMultipartUpload(create -> create.bucket(bucket).key("k"));
        assertThat(created.bucket()).isEqualTo(bucket);
        assertThat(created.key()).isEqualTo("k");
        assertThat(created.uploadId()).isNotBlank();
        assertThat(store.s3().listObjectsV2(list -> list.bucket(bucket)).contents())
                .isEmpty();
    }

    @Test
    void everyUploadHasAnIdOfItsOwn() {
        assertThat(Multipart.create(store, bucket, "same")).isNotEqualTo(Multipart.create(store, bucket, "same"));
    }

    @Test
    void theObjectIsWhatItWasToBe() {
        String upload = store.s3()
                .createMultipartUpload(create -> create.bucket(bucket)
                        .key("described")
                        .contentType("text/plain")
                        .cacheControl("no-store")
                        .storageClass(StorageClass.GLACIER_IR)
                        .metadata(Map.of("a", "b")))
                .uploadId();
        CompletedPart part = Multipart.part(store, bucket, "described", upload, 1, new byte[10]);
        Multipart.complete(store, bucket, "described", upload, List.of(part));
        HeadObjectResponse head =
                store.s3().headObject(object -> object.bucket(bucket).key("described"));
        assertThat(head.contentType()).isEqualTo("text/plain");
        assertThat(head.cacheControl()).isEqualTo("no-store");
        assertThat(head.storageClass()).isEqualTo(StorageClass.GLACIER_IR);
        assertThat(head.metadata()).isEqualTo(Map.of("a", "b"));
    }

    @ParameterizedTest
    @CsvSource({
        "CRC32, '', COMPOSITE",
        "CRC32, FULL_OBJECT, FULL_OBJECT",
        "CRC32C, COMPOSITE, COMPOSITE",
        "CRC64NVME, '', FULL_OBJECT",
        "SHA1, '', COMPOSITE",
        "sha256, composite, COMPOSITE",
    })
    void checksumsHaveTypes(String algorithm, String asked, String given) {
        RawResponse response = create(algorithm, asked);
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
        assertThat(response.header("x-amz-checksum-algorithm")).isEqualToIgnoringCase(algorithm);
        assertThat(response.header("x-amz-checksum-type")).isEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource({
        "CRC64NVME, COMPOSITE, The COMPOSITE checksum type cannot be used with the crc64nvme checksum algorithm.",
        "SHA1, FULL_OBJECT, The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.",
        "SHA256, FULL_OBJECT, The FULL_OBJECT checksum type cannot be used with the sha256 checksum algorithm.",
        "CRC32, HALF, Value for x-amz-checksum-type header is invalid.",
        "'', COMPOSITE, The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.",
        "ADLER32, '', 'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]'",
    })
    void notAnyTypeFitsAnyAlgorithm(String algorithm, String type, String message) {
        RawResponse refused = assertRefused(400, "InvalidRequest", create(algorithm, type));
        assertThat(refused.element("Message")).isEqualTo(message);
    }

    private RawResponse create(String algorithm, String type) {
        var request = store.request("POST", "/" + bucket + "/sums?uploads");
        if (!algorithm.isEmpty()) {
            request.header("x-amz-checksum-algorithm", algorithm);
        }
        if (!type.isEmpty()) {
            request.header("x-amz-checksum-type", type);
        }
        return request.send();
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-server-side-encryption, aws:kms:dsse, 501, NotImplemented",
        "x-amz-tagging, a=b&a=c, 400, InvalidArgument",
        "x-amz-tagging, a=%21, 400, InvalidTag",
        "x-amz-object-lock-legal-hold, ON, 400, InvalidRequest",
        "x-amz-storage-class, DEEP_ARCHIVE, 400, InvalidStorageClass",
    })
    void refusesWhatIsNotOffered(String header, String value, int status, String code) {
        assertRefused(
                status,
                code,
                store.request("POST", "/" + bucket + "/refused?uploads")
                        .header(header, value)
                        .send());
        assertThat(store.s3()
                        .listMultipartUploads(list -> list.bucket(bucket).prefix("refused"))
                        .uploads())
                .isEmpty();
    }

    @Test
    void needsABucketAndAKeyThatIsShort() {
        assertRefused(
                404,
                "NoSuchBucket",
                store.request("POST", "/" + store.freshName() + "/k?uploads").send());
        assertRefused(
                400,
                "KeyTooLongError",
                store.request("POST", "/" + bucket + "/" + "k".repeat(1025) + "?uploads")
                        .send());
    }
}
