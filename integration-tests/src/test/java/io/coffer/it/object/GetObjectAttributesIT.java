package io.coffer.it.object;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectAttributesResponse;
import software.amazon.awssdk.services.s3.model.ObjectAttributes;
import software.amazon.awssdk.services.s3.model.StorageClass;

@ExtendWith(StoreExtension.class)
class GetObjectAttributesIT {
    private final Store store;
    private final String bucket;

    GetObjectAttributesIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
    }

    private GetObjectAttributesResponse attributes(String key, ObjectAttributes... wanted) {
        return store.s3().getObjectAttributes(get -> get.bucket(bucket).key(key).objectAttributes(wanted));
    }

    @Test
    void tellsWhatIsAskedFor() {
        store.s3()
                .putObject(
                        object -> object.bucket(bucket).key("k").checksumAlgorithm(ChecksumAlgorithm.SHA1),
                        RequestBody.fromString("hello"));
        GetObjectAttributesResponse all = attributes(
                "k",
                ObjectAttributes.E_TAG,
                ObjectAttributes.CHECKSUM,
                ObjectAttributes.OBJECT_PARTS,
                ObjectAttributes.OBJECT_SIZE,
                ObjectAttributes.STORAGE_CLASS);
        assertThat(all.eTag()).isEqualTo("5d41402abc4b2a76b9719d911017c592");
        assertThat(all.checksum().checksumSHA1()).isEqualTo("qvTGHdzF6KLavt4PO0gs2a6pQ00=");
        assertThat(all.checksum().checksumType()).isEqualTo(ChecksumType.FULL_OBJECT);
        assertThat(all.objectParts()).isNull();
        assertThat(all.objectSize()).isEqualTo(5);
        assertThat(all.storageClass()).isEqualTo(StorageClass.STANDARD);
        assertThat(all.lastModified()).isNotNull();
        GetObjectAttributesResponse size = attributes("k", ObjectAttributes.OBJECT_SIZE);
        assertThat(size.objectSize()).isEqualTo(5);
        assertThat(size.eTag()).isNull();
        assertThat(size.storageClass()).isNull();
    }

    private List<CompletedPart> upload(String key, String upload, ChecksumAlgorithm algorithm, int count) {
        List<CompletedPart> parts = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            int number = i;
            byte[] bytes = new byte[i < count ? 5 << 20 : 7];
            var put = store.s3()
                    .uploadPart(
                            part -> part.bucket(bucket)
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(number)
                                    .checksumAlgorithm(algorithm),
                            RequestBody.fromBytes(bytes));
            parts.add(CompletedPart.builder()
                    .partNumber(number)
                    .eTag(put.eTag())
                    .checksumSHA256(put.checksumSHA256())
                    .build());
        }
        return parts;
    }

    @Test
    void pagesThroughPartsWithChecksums() {
        String upload = store.s3()
                .createMultipartUpload(
                        create -> create.bucket(bucket).key("parts").checksumAlgorithm(ChecksumAlgorithm.SHA256))
                .uploadId();
        List<CompletedPart> parts = upload("parts", upload, ChecksumAlgorithm.SHA256, 3);
        store.s3()
                .completeMultipartUpload(complete -> complete.bucket(bucket)
                        .key("parts")
                        .uploadId(upload)
                        .multipartUpload(document -> document.parts(parts)));
        GetObjectAttributesResponse page = store.s3()
                .getObjectAttributes(get -> get.bucket(bucket)
                        .key("parts")
                        .maxParts(2)
                        .objectAttributes(ObjectAttributes.OBJECT_PARTS, ObjectAttributes.CHECKSUM));
        assertThat(page.checksum().checksumSHA256()).isNotBlank().doesNotContain("-");
        assertThat(page.checksum().checksumType()).isEqualTo(ChecksumType.COMPOSITE);
        assertThat(page.objectParts().totalPartsCount()).isEqualTo(3);
        assertThat(page.objectParts().isTruncated()).isTrue();
        assertThat(page.objectParts().nextPartNumberMarker()).isEqualTo(2);
        assertThat(page.objectParts().parts()).extracting(part -> part.size()).containsExactly(5L << 20, 5L << 20);
        assertThat(page.objectParts().parts().getFirst().checksumSHA256())
                .isEqualTo(parts.getFirst().checksumSHA256());
        GetObjectAttributesResponse rest = store.s3()
                .getObjectAttributes(get -> get.bucket(bucket)
                        .key("parts")
                        .partNumberMarker(2)
                        .objectAttributes(ObjectAttributes.OBJECT_PARTS));
        assertThat(rest.objectParts().parts()).extracting(part -> part.size()).containsExactly(7L);
        assertThat(rest.objectParts().isTruncated()).isFalse();
    }

    @Test
    void countsPartsWithoutChecksums() {
        String upload = String.valueOf(
                store.request("POST", "/" + bucket + "/plain?uploads").send().element("UploadId"));
        RawResponse part = store.request("PUT", "/" + bucket + "/plain?partNumber=1&uploadId=" + upload)
                .body("x")
                .send();
        store.request("POST", "/" + bucket + "/plain?uploadId=" + upload)
                .body("<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + part.header("etag")
                        + "</ETag></Part></CompleteMultipartUpload>")
                .send();
        GetObjectAttributesResponse counted = attributes("plain", ObjectAttributes.OBJECT_PARTS);
        assertThat(counted.objectParts().totalPartsCount()).isEqualTo(1);
        assertThat(counted.objectParts().parts()).isEmpty();
    }

    @Test
    void refusesWrongRequests() {
        store.s3().putObject(object -> object.bucket(bucket).key("k"), RequestBody.fromString("x"));
        assertRefused(
                400,
                "InvalidRequest",
                store.request("GET", "/" + bucket + "/k?attributes").send());
        assertRefused(
                400,
                "InvalidArgument",
                store.request("GET", "/" + bucket + "/k?attributes")
                        .header("x-amz-object-attributes", "ETag,Colour")
                        .send());
        RawResponse missing = store.request("GET", "/" + bucket + "/missing?attributes")
                .header("x-amz-object-attributes", "ETag")
                .send();
        assertThat(assertRefused(404, "NoSuchKey", missing).element("Key")).isEqualTo("missing");
    }
}
