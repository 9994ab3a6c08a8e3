package io.coffer.it.multipart;

import static io.coffer.it.multipart.Multipart.MIN_PART;
import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

@ExtendWith(StoreExtension.class)
class UploadPartCopyIT {
    private final Store store;
    private final String bucket;
    private final byte[] source = Multipart.bytes(MIN_PART + 1000, 1);

    UploadPartCopyIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        store.s3().putObject(object -> object.bucket(bucket).key("source"), RequestBody.fromBytes(source));
    }

    private RawResponse copy(String upload, int number, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/k?partNumber=" + number + "&uploadId=" + upload);
        boolean named = false;
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
            named |= headers[i].equals("x-amz-copy-source");
        }
        if (!named) {
            request.header("x-amz-copy-source", bucket + "/source");
        }
        return request.send();
    }

    private static CompletedPart part(int number, RawResponse copied) {
        return CompletedPart.builder()
                .partNumber(number)
                .eTag(copied.element("ETag"))
                .build();
    }

    @Test
    void makesPartsOfRangesAndWholes() {
        String upload = Multipart.create(store, bucket, "k");
        RawResponse whole = copy(upload, 1);
        assertThat(whole.status()).as(whole.toString()).isEqualTo(200);
        assertThat(whole.text()).contains("<CopyPartResult ");
        assertThat(whole.element("LastModified")).isNotBlank();
        RawResponse range = copy(upload, 2, "x-amz-copy-source-range", "bytes=10-" + (MIN_PART + 9));
        CompletedPart own = Multipart.part(store, bucket, "k", upload, 3, new byte[] {1, 2, 3});
        assertThat(store.s3()
                        .listParts(list -> list.bucket(bucket).key("k").uploadId(upload))
                        .parts())
                .extracting(part -> part.size())
                .containsExactly((long) source.length, (long) MIN_PART, 3L);
        store.s3().deleteObject(object -> object.bucket(bucket).key("source"));
        Multipart.complete(store, bucket, "k", upload, List.of(part(1, whole), part(2, range), own));
        byte[] expected = Arrays.copyOf(source, source.length + MIN_PART + 3);
        System.arraycopy(source, 10, expected, source.length, MIN_PART);
        System.arraycopy(new byte[] {1, 2, 3}, 0, expected, source.length + MIN_PART, 3);
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asByteArray())
                .isEqualTo(expected);
    }

    @Test
    void smallObjectsAreCopiedToo() {
        store.s3().putObject(object -> object.bucket(bucket).key("small"), RequestBody.fromString("0123456789"));
        store.s3().putObject(object -> object.bucket(bucket).key("empty"), RequestBody.empty());
        String upload = Multipart.create(store, bucket, "k");
        RawResponse range =
                copy(upload, 1, "x-amz-copy-source", bucket + "/small", "x-amz-copy-source-range", "bytes=3-5");
        Multipart.complete(store, bucket, "k", upload, List.of(part(1, range)));
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asUtf8String())
                .isEqualTo("345");
        String other = Multipart.create(store, bucket, "k");
        Multipart.complete(
                store, bucket, "k", other, List.of(part(1, copy(other, 1, "x-amz-copy-source", bucket + "/empty"))));
        assertThat(store.s3()
                        .headObject(object -> object.bucket(bucket).key("k"))
                        .contentLength())
                .isZero();
    }

    @Test
    void checksumsAreMadeByReading() {
        String upload = String.valueOf(store.request("POST", "/" + bucket + "/k?uploads")
                .header("x-amz-checksum-algorithm", "SHA256")
                .send()
                .element("UploadId"));
        RawResponse copied = copy(upload, 1, "x-amz-copy-source-range", "bytes=0-9");
        byte[] range = Arrays.copyOf(source, 10);
        assertThat(copied.element("ChecksumSHA256"))
                .isEqualTo(java.util.Base64.getEncoder().encodeToString(sha256(range)));
        assertThat(copied.element("ETag"))
                .isEqualTo('"' + java.util.HexFormat.of().formatHex(Multipart.md5(range)) + '"');
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-5243880, 400, InvalidArgument",
        "bytes=9999999-9999999, 400, InvalidRequest",
        "'bytes=0-1,3-4', 400, InvalidArgument",
        "bytes=-5, 400, InvalidArgument",
        "bytes=5-, 400, InvalidArgument",
        "0-5, 400, InvalidArgument",
    })
    void rangesMustBeWithinTheSource(String range, int status, String code) {
        String upload = Multipart.create(store, bucket, "k");
        assertRefused(status, code, copy(upload, 1, "x-amz-copy-source-range", range));
        assertThat(store.s3()
                        .listParts(list -> list.bucket(bucket).key("k").uploadId(upload))
                        .parts())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "x-amz-copy-source, {bucket}/missing, 404, NoSuchKey",
        "x-amz-copy-source, {bucket}, 400, InvalidArgument",
        "x-amz-copy-source-if-match, x, 412, PreconditionFailed",
        "x-amz-copy-source-if-unmodified-since, 'Sun, 06 Nov 1994 08:49:37 GMT', 412, PreconditionFailed",
        "x-amz-copy-source-server-side-encryption-customer-algorithm, AES256, 400, InvalidArgument",
        "x-amz-source-expected-bucket-owner, 999999999999, 403, AccessDenied",
    })
    void theSourceMustBeThereAndMeetItsConditions(String header, String value, int status, String code) {
        String upload = Multipart.create(store, bucket, "k");
        assertRefused(status, code, copy(upload, 1, header, value.replace("{bucket}", bucket)));
    }

    @Test
    void theUploadMustBeThere() {
        assertRefused(404, "NoSuchUpload", copy("nonsense", 1));
        String upload = Multipart.create(store, bucket, "k");
        assertRefused(400, "InvalidArgument", copy(upload, 10_001));
    }
}
