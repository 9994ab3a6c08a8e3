package io.coffer.it.multipart;

import static io.coffer.it.store.S3Assertions.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.coffer.it.store.RawResponse;
import io.coffer.it.store.Store;
import io.coffer.it.store.StoreExtension;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(StoreExtension.class)
class UploadPartIT {
    private static final String NOBODYS = "0198a0b0c0d0000000000000000000ff";
    private static final String HELLO_MD5 = "\"5d41402abc4b2a76b9719d911017c592\"";

    private final Store store;
    private final String bucket;
    private final String upload;

    UploadPartIT(Store store) {
        this.store = store;
        this.bucket = store.newBucket();
        this.upload = Multipart.create(store, bucket, "k");
    }

    private RawResponse put(String upload, String number, String... headers) {
        var request = store.request("PUT", "/" + bucket + "/k?partNumber=" + number + "&uploadId=" + upload)
                .body("hello");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request.send();
    }

    private List<Integer> numbers() {
        return store.s3().listParts(list -> list.bucket(bucket).key("k").uploadId(upload)).parts().stream()
                .map(part -> part.partNumber())
                .toList();
    }

    @Test
    void storesAPart() {
        RawResponse response = put(upload, "7");
        assertThat(response.status()).as(response.toString()).isEqualTo(200);
        assertThat(response.header("etag")).isEqualTo(HELLO_MD5);
        assertThat(numbers()).containsExactly(7);
    }

    @Test
    void aSecondTakesThePlaceOfTheFirst() {
        Multipart.part(store, bucket, "k", upload, 1, new byte[100]);
        var second = Multipart.part(store, bucket, "k", upload, 1, new byte[] {1, 2, 3});
        Multipart.complete(store, bucket, "k", upload, List.of(second));
        assertThat(store.s3()
                        .getObjectAsBytes(object -> object.bucket(bucket).key("k"))
                        .asByteArray())
                .containsExactly(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "10001", "x", ""})
    void numbersAreFromOneToTenThousand(String number) {
        RawResponse refused = assertRefused(400, "InvalidArgument", put(upload, number));
        assertThat(refused.element("ArgumentName")).isEqualTo("partNumber");
        assertThat(refused.element("ArgumentValue")).isEqualTo(number);
        assertThat(numbers()).isEmpty();
    }

    @Test
    void theFirstAndTheLastNumberAreGood() {
        assertThat(put(upload, "1").status()).isEqualTo(200);
        assertThat(put(upload, "10000").status()).isEqualTo(200);
        assertThat(numbers()).containsExactly(1, 10_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {NOBODYS, "nonsense", ""})
    void theUploadMustBeThere(String id) {
        RawResponse refused = assertRefused(404, "NoSuchUpload", put(id, "1"));
        assertThat(refused.element("UploadId")).isEqualTo(id);
    }

    @Test
    void anUploadIsOfOneKey() {
        assertRefused(
                404,
                "NoSuchUpload",
                store.request("PUT", "/" + bucket + "/other?partNumber=1&uploadId=" + upload)
                        .body("x")
                        .send());
    }

    @ParameterizedTest
    @CsvSource({
        "Content-MD5, CY9rzUYh03PK3k6DJie09g==, 400, BadDigest",
        "Content-MD5, x, 400, InvalidDigest",
        "x-amz-checksum-crc32, AAAAAA==, 400, BadDigest",
        "x-amz-checksum-crc32, NhCmhg==, 200, ''",
        "x-amz-server-side-encryption-customer-algorithm, AES256, 400, InvalidArgument",
        "x-amz-server-side-encryption, AES256, 400, InvalidArgument",
        "x-amz-expected-bucket-owner, 999999999999, 403, AccessDenied",
    })
    void headersAreKeptOrRefused(String header, String value, int status, String code) {
        RawResponse response = put(upload, "3", header, value);
        if (status == 200) {
            assertThat(response.status()).as(response.toString()).isEqualTo(200);
            assertThat(response.header(header)).isEqualTo(value);
        } else {
            assertRefused(status, code, response);
        }
        assertThat(numbers()).hasSize(status == 200 ? 1 : 0);
    }

    private String createWith(String algorithm, String type) {
        String id = store.request("POST", "/" + bucket + "/k?uploads")
                .header("x-amz-checksum-algorithm", algorithm)
                .header("x-amz-checksum-type", type)
                .send()
                .element("UploadId");
        return String.valueOf(id);
    }

    @Test
    void partsHaveTheUploadsChecksum() {
        String composite = createWith("CRC32", "COMPOSITE");
        assertThat(put(composite, "1", "x-amz-checksum-crc32", "NhCmhg==").header("x-amz-checksum-crc32"))
                .isEqualTo("NhCmhg==");
        assertThat(assertRefused(400, "InvalidRequest", put(composite, "1", "x-amz-checksum-crc32c", "mnG7TA=="))
                        .element("Message"))
                .isEqualTo(
                        "Checksum Type mismatch occurred, expected checksum Type: crc32, actual checksum Type: crc32c");
        assertThat(assertRefused(400, "InvalidRequest", put(composite, "1")).element("Message"))
                .endsWith("expected checksum Type: crc32, actual checksum Type: null");
    }

    @Test
    void checksumsOfTheWholeAreMadeWhereThePartHasNone() {
        String full = createWith("CRC32", "FULL_OBJECT");
        assertThat(put(full, "1").header("x-amz-checksum-crc32")).isEqualTo("NhCmhg==");
    }
}
